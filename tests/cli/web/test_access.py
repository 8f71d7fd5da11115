"""Which requests are answered, and which are not."""

from ipaddress import ip_address

import pytest

from rnn_tui.cli.web import access as module
from rnn_tui.cli.web.access import Access
from rnn_tui.cli.web.addresses import machine_names, public_url

LOCAL = Access.of("127.0.0.1", [ip_address("127.0.0.1")], None)
OPEN = Access.of("0.0.0.0", [ip_address("0.0.0.0")], None)
PROXIED = Access.of("127.0.0.1", [ip_address("127.0.0.1")], public_url("https://example.org/lab/"))
NAME = machine_names()[0]

# the access, Host, Origin, and the address at which it arrived
ANSWERED = [
    (LOCAL, "127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1"),
    (LOCAL, "localhost:8000", "http://localhost:8000", "127.0.0.1"),
    (LOCAL, "LocalHost.:8000", "http://localhost:8000", "127.0.0.1"),
    (LOCAL, "localhost:9999", "http://localhost:9999", "127.0.0.1"),  # forwarded through SSH
    (LOCAL, "127.0.0.1:9999", "http://127.0.0.1:9999", "127.0.0.1"),
    (LOCAL, "localhost", "http://localhost", "127.0.0.1"),
    (LOCAL, "localhost:80", "http://localhost", "127.0.0.1"),
    (LOCAL, "localhost", "https://localhost", "127.0.0.1"),  # a proxy that adds TLS
    (LOCAL, "[::1]:9999", "http://[::1]:9999", "::1"),
    (OPEN, "192.168.1.5:8000", "http://192.168.1.5:8000", "192.168.1.5"),
    (OPEN, "192.168.1.5:8000", "http://192.168.1.5:8000", "::ffff:192.168.1.5"),
    (OPEN, "[fe80::1]:8000", "http://[fe80::1]:8000", "fe80::1%eth0"),
    (OPEN, f"{NAME}:8000", f"http://{NAME}:8000", "192.168.1.5"),
    (OPEN, "localhost:8000", "http://localhost:8000", "127.0.0.1"),
    (PROXIED, "example.org", "https://example.org", "127.0.0.1"),
    (PROXIED, "127.0.0.1:8000", "https://example.org", "127.0.0.1"),  # the proxy writes a Host of its own
    (PROXIED, "127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1"),
]
BAD_HOSTS = [
    (LOCAL, "evil.example:8000"),  # whose name may point to 127.0.0.1 by now
    (LOCAL, "127.0.0.1.evil.example"),
    (LOCAL, "localhost.evil.example:8000"),
    (LOCAL, "192.168.1.5:8000"),
    (LOCAL, "0.0.0.0:8000"),
    (LOCAL, "localhost@evil.example"),
    (LOCAL, "evil.example#localhost"),
    (LOCAL, "localhost:8000/evil"),
    (LOCAL, "[::1"),
    (LOCAL, "2130706433"),
    (LOCAL, f"{NAME}:8000"),  # nobody can connect by it
    (LOCAL, "localhost\u0661"),
    (LOCAL, ""),
    (OPEN, "evil.example:8000"),
    (OPEN, "192.168.1.6:8000"),
    (PROXIED, "example.com"),
    (PROXIED, "lab.example.org"),
]
BAD_ORIGINS = [
    (LOCAL, "http://evil.example"),
    (LOCAL, "http://evil.example:8000"),
    (LOCAL, "http://localhost:3000"),  # another server of this machine
    (LOCAL, "http://localhost"),
    (LOCAL, "https://localhost"),
    (LOCAL, "http://127.0.0.1:8000"),  # another site to the browser
    (LOCAL, "http://localhost:8000.evil.example"),
    (LOCAL, "http://localhost:8000@evil.example"),
    (LOCAL, "http://evil.example/http://localhost:8000"),
    (LOCAL, "ftp://localhost:8000"),
    (LOCAL, "localhost:8000"),
    (LOCAL, "null"),
    (LOCAL, ""),
    (LOCAL, "https://example.org"),
    (PROXIED, "http://example.org"),
    (PROXIED, "https://example.org:8443"),
    (PROXIED, "https://evil.example"),
]


@pytest.mark.parametrize(("access", "host", "origin", "reached"), ANSWERED)
def test_the_own_page_is_answered_by_every_name_that_the_server_has(access, host, origin, reached):
    assert access.refusal([host], [origin], reached, is_socket=True) == ""
    assert access.refusal([host], [], reached, is_socket=False) == ""


@pytest.mark.parametrize(("access", "host"), BAD_HOSTS)
def test_an_unknown_host_is_refused_even_where_the_origin_is_the_same(access, host):
    for origins in ([], [f"http://{host}"]):
        assert access.refusal([host], origins, "127.0.0.1", is_socket=False)


@pytest.mark.parametrize(("access", "origin"), BAD_ORIGINS)
def test_pages_of_other_origins_are_refused(access, origin):
    for is_socket in (True, False):
        assert access.refusal(["localhost:8000"], [origin], "127.0.0.1", is_socket)


def test_a_socket_without_an_origin_and_headers_that_are_given_twice_are_refused():
    own = "http://localhost:8000"
    assert LOCAL.refusal(["localhost:8000"], [], "127.0.0.1", is_socket=True)
    assert LOCAL.refusal(["localhost:8000"], [own, own], "127.0.0.1", is_socket=True)
    assert LOCAL.refusal(["localhost:8000", "localhost:8000"], [own], "127.0.0.1", is_socket=True)
    assert LOCAL.refusal([], [own], "127.0.0.1", is_socket=True)


def test_a_refusal_of_a_name_says_how_the_name_becomes_known():
    assert "--public-url http://lab.lan:8000/" in LOCAL.refusal(["lab.lan:8000"], [], "127.0.0.1", is_socket=False)


def test_a_token_is_new_each_time_and_compared_whole(monkeypatch):
    other = Access.of("127.0.0.1", [ip_address("127.0.0.1")], None)
    assert LOCAL.token != other.token
    assert len(LOCAL.token) >= 32
    assert LOCAL.knows(LOCAL.token)
    for wrong in ("", LOCAL.token[:-1], LOCAL.token + "x", other.token, "é", "\udcff"):
        assert not LOCAL.knows(wrong)
    compared = []
    monkeypatch.setattr(module.hmac, "compare_digest", lambda *pair: compared.append(pair))
    LOCAL.knows("x")
    assert compared == [(b"x", LOCAL.token.encode())]
    assert LOCAL.token not in repr(LOCAL)
