"""The lab in a browser: a real Chromium without a window, driven by its own protocol."""

import asyncio
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import asynccontextmanager, suppress

import pytest
from click.testing import CliRunner

from rnn_tui.checkpoints import reader
from rnn_tui.cli.group import lab
from rnn_tui.cli.serving import PAGE, _local

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve")
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


def until(look, seconds=30.0):
    end = time.monotonic() + seconds
    while True:
        with suppress(OSError):
            if found := look():
                return found
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


class Page:
    """One page of the browser; ``asked``: every address that it has asked for."""

    def __init__(self, session):
        self._session, self._number, self._answers, self.asked = session, 0, {}, []

    async def listen(self):
        async for message in self._session:
            said = json.loads(message.data)
            if "id" in said:
                self._answers[said["id"]].set_result(said.get("result", {}))
            elif said["method"] == "Network.requestWillBeSent":
                self.asked.append(said["params"]["request"]["url"])

    async def do(self, method, **params):
        self._number += 1
        self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._session.send_json({"id": self._number, "method": method, "params": params})
        return await asyncio.wait_for(self._answers[self._number], 30)

    async def value(self, expression):
        return (await self.do("Runtime.evaluate", expression=expression))["result"].get("value")

    async def until(self, expression, seconds=30.0):
        end = time.monotonic() + seconds
        while not await self.value(expression):
            assert time.monotonic() < end, expression
            await asyncio.sleep(0.1)

    async def picture(self):
        return base64.b64decode((await self.do("Page.captureScreenshot"))["data"])

    async def settled(self):
        """The picture, when it has not changed for a second."""
        before, same = b"", 0
        while same < 3:
            await asyncio.sleep(0.4)
            now = await self.picture()
            before, same = now, same + 1 if now == before else 0
        return before

    async def press(self, key):
        for kind in ("keyDown", "keyUp"):
            await self.do("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")


@asynccontextmanager
async def opened(lab, folder):
    browser = subprocess.Popen([CHROMIUM, *BROWSER, f"--user-data-dir={folder}", "about:blank"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        port = until(lambda: (folder / "DevToolsActivePort").read_text().split()[0])
        tabs = until(lambda: json.loads(urllib.request.urlopen(f"http://127.0.0.1:{port}/json").read()))
        tab = next(tab for tab in tabs if tab["type"] == "page")
        address = tab["webSocketDebuggerUrl"]
        async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as session:
            page = Page(session)
            listening = asyncio.create_task(page.listen())
            await page.do("Network.enable")
            await page.do("Page.navigate", url=lab)
            yield page
            listening.cancel()
    finally:
        browser.kill()
        browser.wait()


@pytest.fixture
def served(home):
    """The address of a server of labs."""
    port = free_port()
    command = [sys.executable, "-m", "rnn_tui", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "RNN_TUI_HOME": str(home)})  # fmt: skip
    address = f"http://127.0.0.1:{port}/"
    until(lambda: urllib.request.urlopen(address).status == 200)
    yield address
    server.terminate()
    server.wait(20)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_the_page_opens_a_key_steps_the_net_the_picture_changes_and_nothing_outside_is_asked(
    served, home, tmp_path
):
    async with opened(served, tmp_path / "browser") as page:
        await page.until("document.body.classList.contains('-first-byte')")
        await page.do("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
        before = await page.settled()
        await page.press("s")
        assert await page.settled() != before
        assert page.asked
        assert {address.split(":")[0] for address in page.asked} <= {"http", "data"}
        assert all("//127.0.0.1:" in address or address.startswith("data:") for address in page.asked)
    (kept,) = until(lambda: list((home / "autosaves").glob("*.safetensors")))
    assert until(lambda: reader.about(kept)).step == 1  # the page is closed, and its lab with it


def test_the_page_asks_nobody_outside_for_anything():
    text = (PAGE / "app_index.html").read_text()
    assert "http" not in text
    assert "//" not in text.replace("{{ config.static.url }}", "")


HOSTS = {"127.0.0.1": True, "::1": True, "localhost": True, "0.0.0.0": False, "192.168.1.5": False, "a.org": False}


@pytest.mark.parametrize(("host", "local"), HOSTS.items())
def test_it_is_known_who_else_can_reach_an_address(host, local):
    assert _local(host) is local


def test_a_preset_that_cannot_be_used_is_said_before_anything_is_served():
    done = CliRunner().invoke(lab, ["serve", "-p", "ecko"])
    assert done.exit_code == 2
    assert "did you mean 'echo'?" in done.stderr


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    done = CliRunner().invoke(lab, ["serve"])
    assert done.exit_code == 2
    assert "pip install 'rnn-tui[web]'" in done.stderr
