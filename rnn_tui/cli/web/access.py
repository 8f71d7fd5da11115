"""Rules for the requests that the server answers.

A lab reads and writes files as the user who serves it.  So every request must pass three checks, none of which is
enough by itself:

1. ``Host`` is known: a loopback address or ``localhost``, the address at which the request arrived, the ``--host``, the
   host of ``--public-url``, or, if other machines can connect at all, a name of this machine.  The port may be any: it
   changes if it is forwarded through SSH.  A page of another site that points its own name to this machine
   (DNS rebinding) has that name as its ``Host`` and is refused.
2. ``Origin`` is the server's own: of the public URL, or the same host and port as ``Host``.  Browsers do not let a page
   choose it.  A WebSocket must have one, because browsers open it for pages of any site; elsewhere it may be missing.
3. The token is the first part of the path.  It is drawn at each start and only the printed address contains it, so that
   neither another site nor another user of the same machine knows it.  A cookie would also be sent to other servers on
   ``localhost``, at any port; the path is not, and addresses relative to the page contain it.

``X-Forwarded-Host`` and similar headers are ignored, because any client can send them.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from rnn_tui.cli.web.addresses import DEFAULT_PORTS, Address, PublicURL, authority, machine_names, parsed


def new_token() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Access:
    """The names and the token by which requests are checked.

    Attributes:
        names: hosts, other than addresses, by which the server is known.
        public: the address of a proxy, if there is one.
        token: the secret part of the path.
    """

    names: frozenset[str]
    public: PublicURL | None = None
    token: str = field(default_factory=new_token, repr=False)

    @classmethod
    def of(cls, host: str, addresses: Sequence[Address], public: PublicURL | None) -> "Access":
        """Return the rules of a server that was told to listen at ``host`` and listens at ``addresses``."""
        reachable = not all(address.is_loopback for address in addresses)
        names = ["localhost", host.lower(), *(machine_names() if reachable else []), *([public.host] if public else [])]
        return cls(frozenset(names), public)

    def knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def refusal(self, hosts: Sequence[str], origins: Sequence[str], reached: str, is_socket: bool) -> str:
        """Return why a request is refused, from its ``Host`` and ``Origin`` headers; empty if it is not refused.

        Args:
            reached: this end's address of the connection.
            is_socket: whether it asks for a WebSocket.
        """
        place = authority(hosts[0]) if len(hosts) == 1 else None
        if place is None:
            return "the request does not say which host it is for"
        if not self._is_own(place[0], reached):
            return (
                f"this server is not known as {place[0]!r}; open the address that it printed, or start it with "
                f"--public-url http://{hosts[0].lower()}/"
            )
        if is_socket and not origins:
            return "a WebSocket needs the Origin of its page"
        if origins and (len(origins) > 1 or not self._same(origins[0], place)):
            return (
                f"pages of {origins[0]!r} may not use the labs at {hosts[0].lower()!r}; if it is a proxy, start "
                "rnn-tui serve with --public-url and the address that browsers open"
            )
        return ""

    def _is_own(self, host: str, reached: str) -> bool:
        address = parsed(host)
        if address is None or host in self.names:
            return host in self.names
        return address.is_loopback or address == parsed(reached.partition("%")[0])

    def _same(self, origin: str, place: tuple[str, int | None]) -> bool:
        scheme, _, rest = origin.lower().partition("://")
        source = authority(rest)
        if scheme not in DEFAULT_PORTS or source is None:  # "null", for example
            return False
        host, port = source[0], source[1] or DEFAULT_PORTS[scheme]
        if self.public and (scheme, host, port) == (self.public.scheme, self.public.host, self.public.port):
            return True
        return (host, port) == (place[0], place[1] or DEFAULT_PORTS[scheme])
