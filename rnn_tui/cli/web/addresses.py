"""Addresses of the server: where it listens, its names, and the addresses to print."""

import errno
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from rnn_tui.errors import RnnTuiError, escaped

Address: TypeAlias = IPv4Address | IPv6Address
DEFAULT_PORTS = {"http": 80, "https": 443}
AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_-][a-z0-9._-]*?)\.?)(?::([0-9]{1,5}))?")
MISSING = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


@dataclass(frozen=True)
class PublicURL:
    """The address by which a proxy serves the labs: ``scheme://host:port/path/``."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{in_url(self.host)}{port}{self.path}"


def authority(text: str) -> tuple[str, int | None] | None:
    """Return host and port of ``host`` or ``host:port``, or None if it is neither."""
    found = AUTHORITY.fullmatch(text.lower())
    if found is None:
        return None
    address, name, port = found.groups()
    return address or name, int(port) if port else None


def parsed(host: str) -> Address | None:
    """Return the IP address that a host is written as, or None if it is a name; an IPv4 address inside IPv6 is IPv4."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def unbracketed(host: str) -> str:
    """Return an IPv6 address without the brackets that it has in URLs."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def public_url(text: str) -> PublicURL:
    """Parse the value of ``--public-url``.  Raises RnnTuiError."""
    example = "give the address that browsers open, such as https://example.org/lab/"
    try:
        parts = urlsplit(text)
        scheme, netloc = parts.scheme.lower(), _ascii(parts.netloc)
    except ValueError:
        scheme = netloc = ""
    place = authority(netloc)
    if scheme not in DEFAULT_PORTS or place is None:
        raise RnnTuiError(f"{text!r} is not an address; {example}")
    host, port = place[0], DEFAULT_PORTS[scheme] if place[1] is None else place[1]
    if not 0 < port < 65_536:
        raise RnnTuiError(f"{text!r} has the port {port}, which does not exist; {example}")
    if parts.query or parts.fragment or not text.isprintable() or " " in text:
        raise RnnTuiError(f"{text!r} has more than a host, a port and a path; {example}")
    path = quote(parts.path.strip("/"), safe="/%:@!$&'()*+,;=~")
    return PublicURL(scheme, host, port, f"/{path}/" if path else "/")


def _ascii(netloc: str) -> str:
    """Return the host as browsers send it: a name with other letters has an ASCII form."""
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")


def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at every address of ``host``.  Raises RnnTuiError."""
    if not host:  # the system would take it as every address of the machine
        raise RnnTuiError("--host is empty; give an address, such as 127.0.0.1, or 0.0.0.0 for all networks")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise RnnTuiError(
            f"--host {escaped(host)}: name not found; give a name or an address of this machine, without a port"
        ) from None
    sockets, problem = [], None
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            sockets.append(socket.create_server(address, family=family, backlog=128))
        except OSError as error:  # localhost may have no IPv6 address
            problem = problem if problem and error.errno in MISSING else error
    if problem is not None and (not sockets or problem.errno not in MISSING):
        for one in sockets:
            one.close()
        raise RnnTuiError(_why(problem, host, port)) from None
    return sockets


def _why(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"port {port} is in use at {host}; choose another one, such as --port {port + 1 if port < 65_535 else 8000}"
        )
    if problem.errno == errno.EACCES:
        return f"port {port} needs administrator rights; choose a port from 1024 up, such as --port 8000"
    if problem.errno in MISSING:
        return f"--host {escaped(host)}: not an address of this machine; 0.0.0.0 means all its addresses"
    return f"cannot listen at {escaped(host)}, port {port}: {problem.strerror or problem}"


def machine_names() -> list[str]:
    """Return the names by which other machines know this one, its own name first."""
    name = socket.gethostname().lower().removesuffix(".")
    short = name.split(".")[0]
    return list(dict.fromkeys(text for text in (name, short, f"{short}.local") if authority(text)))


def bound(sockets: Sequence[socket.socket]) -> list[Address]:
    return [ip_address(one.getsockname()[0].split("%")[0]) for one in sockets]


def printed(host: str, port: int, addresses: Sequence[Address], public: PublicURL | None, token: str) -> list[str]:
    """Return the addresses to open, the best one first."""
    known = parsed(host)
    hosts = [host] if not known else [str(known)]
    if any(address.is_unspecified for address in addresses):  # cannot be opened in a browser
        local = "127.0.0.1" if any(address.version == 4 for address in addresses) else "::1"
        hosts = [local, *machine_names()[:1]]
    tail = "" if port == DEFAULT_PORTS["http"] else f":{port}"
    return [f"{public}{token}/"] * bool(public) + [f"http://{in_url(name)}{tail}/{token}/" for name in hosts]
