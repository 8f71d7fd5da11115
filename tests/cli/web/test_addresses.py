"""Addresses: parsed, listened at, and printed."""

import errno
import socket
from ipaddress import ip_address

import pytest

from rnn_tui.cli.web import addresses
from rnn_tui.cli.web.addresses import bound, listening, machine_names, printed, public_url
from rnn_tui.errors import RnnTuiError

URLS = {
    "https://example.org": "https://example.org/",
    "http://Example.org:80/lab": "http://example.org/lab/",
    "https://example.org:8443/a/b/": "https://example.org:8443/a/b/",
    "http://[::1]:9000/": "http://[::1]:9000/",
    "http://münchen.example/": "http://xn--mnchen-3ya.example/",
}
NO_URLS = [
    "", "example.org", "example.org/lab", "//example.org", "ftp://example.org", "ws://example.org", "http://", "http:///lab",
    "http://example.org:0", "http://example.org:70000", "http://example.org:port", "http://me:secret@example.org",
    "http://example.org/?a=b", "http://example.org/#a", "http://exa mple.org", "http://example.org/a b", "http://[::1",
    "http://example.org/\nlab", "http://" + "ü" * 100,
]  # fmt: skip


@pytest.mark.parametrize(("text", "url"), URLS.items())
def test_a_public_url_is_read_as_browsers_send_it(text, url):
    assert str(public_url(text)) == url


@pytest.mark.parametrize("text", NO_URLS)
def test_what_is_no_public_url_is_said_with_an_example(text):
    with pytest.raises(RnnTuiError, match=r"https://example.org/lab/"):
        public_url(text)


def addresses_of(host, *at, public=None, port=8000):
    return printed(host, port, [ip_address(text) for text in at], public and public_url(public), "T")


def test_addresses_can_be_opened_as_they_are_printed():
    name = machine_names()[0]
    assert addresses_of("127.0.0.1", "127.0.0.1") == ["http://127.0.0.1:8000/T/"]
    assert addresses_of("127.0.0.1", "127.0.0.1", port=80) == ["http://127.0.0.1/T/"]
    assert addresses_of("::1", "::1") == ["http://[::1]:8000/T/"]
    assert addresses_of("localhost", "127.0.0.1", "::1") == ["http://localhost:8000/T/"]
    assert addresses_of("0.0.0.0", "0.0.0.0") == ["http://127.0.0.1:8000/T/", f"http://{name}:8000/T/"]
    assert addresses_of("0", "0.0.0.0") == ["http://127.0.0.1:8000/T/", f"http://{name}:8000/T/"]
    assert addresses_of("::", "::") == ["http://[::1]:8000/T/", f"http://{name}:8000/T/"]
    assert addresses_of("192.168.1.5", "192.168.1.5", public="https://example.org/lab") == [
        "https://example.org/lab/T/",
        "http://192.168.1.5:8000/T/",
    ]


def test_localhost_is_listened_at_and_a_port_in_use_is_said():
    sockets = listening("localhost", 0)
    try:
        assert all(address.is_loopback for address in bound(sockets))
        port = sockets[0].getsockname()[1]
        with pytest.raises(RnnTuiError, match=rf"port {port} is in use .* such as --port {port + 1}"):
            listening(sockets[0].getsockname()[0], port)
    finally:
        for one in sockets:
            one.close()


@pytest.mark.parametrize("host", ["", "127.0.0.1:8000", "http://127.0.0.1", "no such host", "a" * 300, "a..b", "\0"])
def test_what_is_no_host_is_said(host):
    with pytest.raises(RnnTuiError, match="--host"):
        listening(host, 8000)


def test_an_address_of_another_machine_is_said():
    with pytest.raises(RnnTuiError, match="not an address of this machine"):
        listening("192.0.2.1", 8000)


@pytest.mark.parametrize(("number", "words"), [(errno.EACCES, "from 1024 up"), (errno.ENOBUFS, "cannot listen at")])
def test_what_the_system_refuses_is_said(monkeypatch, number, words):
    def refuse(*_, **__):
        raise OSError(number, "refused")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(RnnTuiError, match=words):
        listening("127.0.0.1", 80)


def test_localhost_without_ipv6_is_listened_at_by_ipv4_alone(monkeypatch):
    create = socket.create_server

    def without_ipv6(address, **options):
        if options["family"] == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "no IPv6")
        return create(address, **options)

    found = [(family, socket.SOCK_STREAM, 6, "", (address, 0)) for family, address in
             ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(addresses.socket, "create_server", without_ipv6)
    (one,) = listening("localhost", 0)
    assert one.family == socket.AF_INET
    one.close()
