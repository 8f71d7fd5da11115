"""A real server over loopback; its labs are small programs that speak as Textual's do."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from support.waiting import wait_until
from support.web_server import forwarded

from rnn_tui.cli.web.addresses import bound, listening, printed, public_url
from rnn_tui.errors import RnnTuiError

aiohttp = pytest.importorskip("aiohttp")
dump = pytest.importorskip("textual_serve._binary_encode").dump

from rnn_tui.cli.web import labs as labs_module  # noqa: E402
from rnn_tui.cli.web import server as server_module  # noqa: E402
from rnn_tui.cli.web.access import Access  # noqa: E402
from rnn_tui.cli.web.server import FULL, MOST_BYTES, Server  # noqa: E402

LAB = """
import json, os, select, sys
folder, read, write = sys.argv[1], sys.stdin.buffer.read, sys.stdout.buffer.write
def draw(kind, text):
    data = text.encode()
    write(kind + len(data).to_bytes(4, "big") + data)
    sys.stdout.flush()
write(b"__GANGLION__\\n")
draw(b"D", f"{os.environ['COLUMNS']} x {os.environ['ROWS']}")
while kind := read(1):
    data = read(int.from_bytes(read(4), "big")).decode()
    message = json.loads(data) if kind == b"M" else {}
    if data == "quit":
        draw(b"M", json.dumps({"type": "exit"}))
        sys.exit()
    if data == "crash":
        sys.exit(1)
    if data == "flood":
        while not select.select([sys.stdin], [], [], 0)[0]:
            draw(b"D", "x" * 100_000)
        continue
    if data == "hang":
        while True:
            read(1)
    if data == "offer":
        draw(b"M", json.dumps({"type": "deliver_file_start", "key": "k", "path": "/a/π.svg", "open_method": "download",
                               "mime_type": "image/svg+xml", "encoding": ""}))
    if kind == b"D":
        draw(kind, "got " + data)
    elif message["type"] == "deliver_chunk_request":
        for chunk in CHUNKS:
            write(b"P" + len(chunk).to_bytes(4, "big") + chunk)
        sys.stdout.flush()
    elif message["type"] == "resize":
        draw(b"D", f"{message['width']} x {message['height']}")
open(f"{folder}/{os.getpid()}", "w").close()  # what saving the run is to the lab
"""


class Running:
    def __init__(self, server, runner, address, client):
        self.server, self.runner, self.address, self.client = server, runner, address, client
        self.origin = "http://" + urlsplit(address).netloc

    async def get(self, path="", **headers):
        async with self.client.get(self.address + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(errors="replace"), answer.headers

    def opened(self, query="", address=None, origin=None):
        address = (address or self.address) + "ws" + query
        return self.client.ws_connect(address, headers={"Origin": origin or self.origin})


@pytest.fixture
def lab(tmp_path):
    """The command of a lab; the folder where each leaves a file at its ordinary end."""
    chunks = [dump(("deliver_chunk", "k", chunk)) for chunk in (b"<svg/>", b"")]
    (tmp_path / "screen.py").write_text(LAB.replace("CHUNKS", repr(chunks)))
    (tmp_path / "saved").mkdir()
    return [sys.executable, "-I", "-S", str(tmp_path / "screen.py"), str(tmp_path / "saved")], tmp_path / "saved"


@asynccontextmanager
async def serving(command, host="127.0.0.1", public=None):
    public = public and public_url(public)
    sockets = listening(host, 0)
    access = Access.of(host, bound(sockets), public)
    reports = []
    server = Server(command, access, reports.append)
    server.reports = reports
    runner = aiohttp.web.AppRunner(server.app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    await aiohttp.web.SockSite(runner, sockets[0]).start()
    address = printed(host, sockets[0].getsockname()[1], bound(sockets), None, access.token)[0]
    async with aiohttp.ClientSession() as client:
        yield Running(server, runner, address, client)
    await runner.cleanup()


@pytest.fixture
async def running(lab):
    async with serving(lab[0]) as running:
        yield running


async def drawn(browser, text):
    """Read until the lab has drawn it."""
    async with asyncio.timeout(10):
        while (message := await browser.receive()).data != text.encode():
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message


async def closed(browser):
    """Read until the socket is closed; its code and its words."""
    async with asyncio.timeout(10):
        while (message := await browser.receive()).type != aiohttp.WSMsgType.CLOSE:
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
    return message.data, message.extra


FILES = {
    "": "text/html",
    "page.js": "javascript",
    "textual.js": "javascript",
    "xterm.css": "css",
    "RobotoMono.ttf": "font",
}


async def test_the_page_and_its_files_are_served_below_the_token_and_nothing_else(running):
    for path, kind in FILES.items():
        status, _, headers = await running.get(path)
        assert status == 200
        assert kind in headers["Content-Type"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    for path in ("static/", "js/", "server.py", "index.html", "%2e%2e/server.py", "..%2fserver.py", "download/none"):
        assert (await running.get(path))[0] in (403, 404)
    status, _, headers = await running.get("../" + running.server.access.token)
    assert (status, headers["Location"]) == (302, running.server.access.token + "/")


@pytest.mark.parametrize("path", ["/", "/ws", "/static/", "/x/", "/x/ws", "/x/textual.js", "/x/download/k", "/%ff/"])
async def test_without_the_token_nothing_is_served_and_the_way_is_said(running, path):
    async with running.client.get(running.origin + path, headers={"Origin": running.origin}) as answer:
        assert answer.status == 403
        assert "Open the address that rnn-tui serve printed" in await answer.text()
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await running.opened(address=running.origin + path)


async def test_other_hosts_and_origins_get_neither_page_nor_file_nor_lab_and_the_terminal_says_why(running):
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        for path in FILES:
            assert (await running.get(path, **headers))[0] == 403
    own = {"Origin": running.origin}
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {**own, "Host": "evil.example"},
                    {"Host": "evil.example", "Origin": "http://evil.example"}):  # fmt: skip
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await running.client.ws_connect(running.address + "ws", headers=headers)
    assert any("not known as 'evil.example'" in line for line in running.server.reports)
    assert len(running.server.reports) == len(set(running.server.reports))
    assert running.server.labs.running == 0


async def test_eight_labs_are_open_at_once_and_the_ninth_page_gets_a_sentence(running, lab):
    pages = [await running.opened() for _ in range(8)]
    for page in pages:
        await drawn(page, "80 x 24")
    assert await closed(await running.opened()) == (1013, FULL)
    assert running.server.labs.running == 8
    await pages[3].close()
    page = await running.opened()  # comes before the lab of the closed page has ended, as when a page is reloaded
    await drawn(page, "80 x 24")
    assert running.server.labs.running == 8
    assert len(list(lab[1].iterdir())) == 1


SIZES = {
    "?width=5000&height=5000": "500 x 200",
    "?width=501&height=24": "500 x 24",
    "?width=-3&height=0": "1 x 1",
    "?width=x&height=1e9": "80 x 24",
    "?width=" + "9" * 5000: "80 x 24",
}


@pytest.mark.parametrize(("query", "size"), SIZES.items())
async def test_the_size_in_the_address_is_capped(running, query, size):
    await drawn(await running.opened(query), size)


async def test_the_size_in_messages_is_capped_and_the_page_is_told(running):
    page = await running.opened()
    for width, height, size, words in ((9**99, 300, "500 x 200", "at most 500 × 200"), (90, 30, "90 x 30", "")):
        await page.send_json(["resize", {"width": width, "height": height}])
        texts = []
        async with asyncio.timeout(10):
            while not texts or (size.encode() not in texts):
                texts.append((await page.receive()).data)
            if not any(isinstance(text, str) for text in texts):
                texts.append((await page.receive()).data)
        (said,) = (json.loads(text) for text in texts if isinstance(text, str))
        assert said[0] == "says"
        assert (words in said[1]) if words else said[1] == ""


MALFORMED = [
    "", "not json", "{", "[]", "{}", "null", "1",
    '"stdin"', '["stdin"]', '["stdin", 1]', '["stdin", null]', '["stdin", ["a"]]',
    '["stdin", "a", "b"]', '["resize"]', '["resize", 1]', '["resize", {}]', '["resize", {"width": "9", "height": 9}]',
    '["resize", {"width": NaN, "height": Infinity}]', '["resize", {"width": 1e400, "height": 1}]', '["ping", {}]',
    '[["stdin"], "a"]', '["no such kind", 1]', "[" * 100_000, "9" * 10_000,
]  # fmt: skip


async def test_what_is_no_message_is_passed_over_and_the_lab_goes_on(running):
    page = await running.opened()
    for text in MALFORMED:
        await page.send_str(text)
        await page.send_bytes(text.encode())
    await page.send_str('["stdin", "\\ud800 ok"]')
    await drawn(page, "got ? ok")
    for kind in ("focus", "blur"):
        await page.send_json([kind])
    await page.send_json(["ping", "12"])
    async with asyncio.timeout(10):
        assert (await page.receive()).data == '["pong", "12"]'


async def test_a_message_without_an_end_closes_the_page_and_its_lab_ends_in_order(running, lab):
    page = await running.opened()
    await drawn(page, "80 x 24")
    await page.send_str("x" * (MOST_BYTES + 1))
    assert (await closed(page))[0] == 1009
    await wait_until(lambda: running.server.labs.running == 0)
    assert len(list(lab[1].iterdir())) == 1


async def test_a_page_is_told_how_its_lab_ended(running):
    for word, code, words in (("quit", 1000, "is saved"), ("crash", 1011, "with an error")):
        page = await running.opened()
        await page.send_json(["stdin", word])
        assert (await closed(page)) == (
            code,
            next(text for text in (server_module.ENDED, server_module.CRASHED) if words in text),
        )
    assert running.server.labs.running == 0


async def test_a_command_that_is_no_lab_is_said():
    for command, words in (
        (["/no such program"], server_module.NOT_STARTED),
        ([sys.executable, "-c", ""], server_module.ENDED),
    ):
        async with serving(command) as running:
            assert (await closed(await running.opened()))[1] == words
            assert running.server.labs.running == 0


async def test_a_lab_that_is_still_starting_ends_at_once(monkeypatch):
    monkeypatch.setattr(labs_module, "END_WITHIN", 60)
    async with serving([sys.executable, "-S", "-c", "import time; time.sleep(60)"]) as running:
        page = await running.opened()
        await wait_until(lambda: running.server.labs.running == 1)
        await page.close()
        await wait_until(lambda: running.server.labs.running == 0)


async def test_a_lab_is_killed_that_does_not_end(running, lab, monkeypatch):
    monkeypatch.setattr(labs_module, "END_WITHIN", 0.1)
    page = await running.opened()
    await page.send_json(["stdin", "hang"])
    await page.close()
    await wait_until(lambda: running.server.labs.running == 0)
    assert not list(lab[1].iterdir())


async def test_the_end_of_the_server_ends_every_lab_and_says_so_to_the_pages_even_if_one_does_not_listen(lab):
    async with serving(lab[0]) as running:
        pages = [await running.opened() for _ in range(3)]
        for page in pages:
            await drawn(page, "80 x 24")
        await pages[2].send_json(["stdin", "flood"])
        await drawn(pages[2], "x" * 100_000)
        ends = [asyncio.create_task(closed(page)) for page in pages[:2]]
        await running.runner.cleanup()
        assert [await end for end in ends] == [(1001, server_module.STOPPED)] * 2
        assert running.server.labs.running == 0
        assert len(list(lab[1].iterdir())) == 3


async def test_what_a_lab_offers_is_downloaded(running):
    page = await running.opened()
    await page.send_json(["stdin", "offer"])
    async with asyncio.timeout(10):
        while (message := await page.receive()).data != '["deliver_file_start", "k"]':
            assert message.type != aiohttp.WSMsgType.CLOSE
    status, text, headers = await running.get("download/k")
    assert (status, text, headers["Content-Type"]) == (200, "<svg/>", "image/svg+xml")
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''%CF%80.svg"
    assert (await running.get("download/k"))[0] == 404


@pytest.mark.parametrize("keeps_path", [True, False])
async def test_behind_a_proxy_with_a_path_and_a_host_of_its_own_the_page_works(lab, keeps_path):
    def change(head):
        return head.replace(b"Host: proxy.example", b"Host: 127.0.0.1:8000").replace(
            b" /lab/", b" /lab/" if keeps_path else b" /"
        )

    async with (
        serving(lab[0], public="https://proxy.example/lab") as running,
        forwarded(urlsplit(running.address).port, change) as port,
    ):
        address = f"http://127.0.0.1:{port}/lab/{running.server.access.token}/"
        async with running.client.get(
            address + "page.js", headers={"Host": "proxy.example", "Connection": "close"}
        ) as answer:
            assert answer.status == 200
        async with running.client.get(address[:-1] + "?fontsize=9", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, f"{running.server.access.token}/?fontsize=9")
        headers = {"Host": "proxy.example", "Origin": "https://proxy.example"}
        page = await running.client.ws_connect(address + "ws", headers=headers)
        await drawn(page, "80 x 24")
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await running.client.ws_connect(address + "ws", headers={**headers, "Origin": "https://evil.example"})
        await page.close()


async def test_through_a_port_that_is_forwarded_the_page_works(lab):
    async with serving(lab[0]) as running, forwarded(urlsplit(running.address).port) as port:
        address = f"http://localhost:{port}/{running.server.access.token}/"
        await drawn(await running.opened(address=address, origin=f"http://localhost:{port}"), "80 x 24")


def ipv6():
    try:
        (one,) = listening("::1", 0)
    except RnnTuiError:
        return False
    one.close()
    return True


@pytest.mark.skipif(not ipv6(), reason="this machine has no IPv6")
async def test_by_ipv6_the_page_works(lab):
    async with serving(lab[0], host="::1") as running:
        assert running.address.startswith("http://[::1]:")
        await drawn(await running.opened(), "80 x 24")
