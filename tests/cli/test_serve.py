"""The lab in a browser: a real Chromium without a window, driven by its own protocol."""

import asyncio
import base64
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from support.waiting import wait_until
from support.web_server import Served, until

import rnn_tui.cli.web
from rnn_tui.checkpoints import reader
from rnn_tui.cli.app import lab
from rnn_tui.presets import store

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve")
PAGE = Path(rnn_tui.cli.web.__file__).with_name("page")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BROWSER = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--window-size=1400,900",
    "--remote-debugging-port=0", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Page:
    """One page of the browser; ``asked``: every address that it has asked for; ``shown``: what its labs have drawn."""

    def __init__(self, session):
        self._session, self._number, self._answers, self.asked = session, 0, {}, []
        self.shown, self.complaints = bytearray(), []

    async def listen(self):
        async for message in self._session:
            said = json.loads(message.data)
            parameters = said.get("params")
            if "id" in said:
                self._answers[said["id"]].set_result(said.get("result", {}))
            elif said["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                self.asked.append(parameters.get("url") or parameters["request"]["url"])
            elif said["method"] == "Network.webSocketFrameReceived" and parameters["response"]["opcode"] == 2:
                self.shown += base64.b64decode(parameters["response"]["payloadData"])
            elif said["method"] == "Runtime.exceptionThrown" or (
                said["method"] == "Log.entryAdded" and parameters["entry"]["level"] == "error"
            ):
                self.complaints.append(parameters)

    async def do(self, method, **params):
        self._number += 1
        self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._session.send_json({"id": self._number, "method": method, "params": params})
        return await asyncio.wait_for(self._answers[self._number], 30)

    async def value(self, expression):
        return (await self.do("Runtime.evaluate", expression=expression))["result"].get("value")

    async def until(self, expression):
        end = asyncio.get_running_loop().time() + 30
        while not await self.value(expression):
            assert asyncio.get_running_loop().time() < end, expression
            await asyncio.sleep(0.05)

    async def until_shown(self, text):
        await wait_until(lambda: text.encode() in self.shown, 30)

    async def press(self, key):
        for kind in ("keyDown", "keyUp"):
            await self.do("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")


@asynccontextmanager
async def opened(address, folder):
    browser = subprocess.Popen([CHROMIUM, *BROWSER, f"--user-data-dir={folder}", "about:blank"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        port = until(lambda: (folder / "DevToolsActivePort").read_text().split()[0])
        tabs = until(lambda: json.loads(urllib.request.urlopen(f"http://127.0.0.1:{port}/json").read()))
        tab = next(tab for tab in tabs if tab["type"] == "page")
        tab_address = tab["webSocketDebuggerUrl"]
        async with aiohttp.ClientSession() as client, client.ws_connect(tab_address, max_msg_size=0) as session:
            page = Page(session)
            listening = asyncio.create_task(page.listen())
            for domain in ("Network", "Runtime", "Log"):
                await page.do(f"{domain}.enable")
            await page.do("Page.navigate", url=address)
            yield page
            listening.cancel()
    finally:
        browser.kill()
        browser.wait()


@pytest.fixture
def served(home, tmp_path):
    """A server of a preset whose path a shell would take apart."""
    preset = tmp_path / "a 'b'; $(touch c) & d" / "my $PRESET.toml"
    preset.parent.mkdir()
    shutil.copy(store.find("echo"), preset)
    server = Served(home, "-p", str(preset), port=free_port())
    yield server
    server.close()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_keys_work_at_once_nothing_outside_is_asked_and_a_page_is_loaded_again_and_says_that_the_server_has_ended(
    served, home, tmp_path
):
    async with opened(served.address, tmp_path / "browser") as page:
        await page.until_shown("Quit")
        await page.press("s")
        await page.until_shown("step 1")
        place = f"//{urlsplit(served.address).netloc}/"
        assert {address.split(":")[0] for address in page.asked} >= {"http", "ws"}
        assert all(place in address or address.startswith("data:") for address in page.asked)
        (first,) = served.labs()
        page.shown.clear()
        await page.do("Page.reload")
        await page.until_shown("Quit")
        await wait_until(lambda: first not in served.labs())
        (kept,) = (home / "autosaves").glob("*.safetensors")
        assert reader.read_header(kept).step == 1  # the first lab has saved its run
        assert await asyncio.to_thread(served.end, signal.SIGINT) == (0, "")
        await page.until("document.querySelector('#closed').innerText.includes('was stopped')")
        assert page.complaints == []


@pytest.mark.skipif(sys.platform == "win32", reason="these signals are not sent there")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
async def test_however_the_server_ends_its_lab_saves_its_run_and_ends(served, home, name):
    origin = served.address.rsplit("/", 2)[0]
    async with aiohttp.ClientSession() as client:
        page = await client.ws_connect(served.address + "ws", headers={"Origin": origin})
        await drawn(page, "Quit")
        await page.send_json(["stdin", "s"])
        await drawn(page, "step 1")
        (lab,) = served.labs()
        number = getattr(signal, name)
        assert await asyncio.to_thread(served.end, number) == (-number if name == "SIGKILL" else 0, "")
    await wait_until(lambda: not alive(lab))
    (kept,) = (home / "autosaves").glob("*.safetensors")
    assert reader.read_header(kept).step == 1


async def drawn(page, text):
    async with asyncio.timeout(30):
        while text.encode() not in (message := await page.receive()).data:
            assert message.type == aiohttp.WSMsgType.BINARY


def alive(process):
    """Whether a process is there whose parent may be gone."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")


def test_the_page_asks_nobody_outside_for_anything():
    for name in ("index.html", "page.js"):
        assert "//" not in re.sub(r"^ *//.*|; // .*", "", (PAGE / name).read_text(), flags=re.MULTILINE)


def refused(*words):
    done = CliRunner().invoke(lab, ["serve", *words])
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_be_served_is_said_in_a_line():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused("--port", str(port))
    assert said == f"Error: port {port} is in use at 127.0.0.1; choose another one, such as --port {port + 1}\n"
    assert "not an address of this machine" in refused("--host", "192.0.2.1")
    assert "name not found" in refused("--host", "127.0.0.1:8000")
    assert "--host is empty" in refused("--host", "")
    assert "such as https://example.org/lab/" in refused("--public-url", "example.org")
    for port in ("0", "65536", "-1", "http"):
        assert "--port" in refused("--port", port)


def test_a_preset_that_cannot_be_used_is_said_before_anything_is_served():
    assert "did you mean 'echo'?" in refused("-p", "ecko")


@pytest.mark.parametrize("missing", ["textual_serve", "aiohttp"])
def test_without_the_package_it_is_said_how_to_get_it(monkeypatch, missing):
    for name in [name for name in sys.modules if name.startswith("rnn_tui.cli.web.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(rnn_tui.cli.web, "server", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    assert "pip install 'rnn-tui[web]'" in refused()
