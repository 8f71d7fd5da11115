"""The web server: the page, its files, and a WebSocket for each lab."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import click
import textual_serve
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler, Middleware

from rnn_tui.cli.web.access import Access
from rnn_tui.cli.web.labs import MOST_COLUMNS, MOST_LABS, MOST_ROWS, Lab, Labs, capped
from rnn_tui.errors import escaped

PAGE = Path(__file__).with_name("page")
STATIC = Path(textual_serve.__file__).with_name("static")
FILES = {  # with their types, because some systems have other types for them
    "": (PAGE / "index.html", "text/html; charset=utf-8"),
    "page.js": (PAGE / "page.js", "text/javascript; charset=utf-8"),
    "textual.js": (STATIC / "js" / "textual.js", "text/javascript; charset=utf-8"),
    "xterm.css": (STATIC / "css" / "xterm.css", "text/css; charset=utf-8"),
    "RobotoMono.ttf": (STATIC / "fonts" / "RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NO_TOKEN = "This address has no valid key. Open the address that rnn-tui serve printed when it started."
FULL = f"{MOST_LABS} labs are open on this server, the maximum. Close one of their pages first."
ENDED, CRASHED = (
    "The lab is closed, and its run is saved.",
    "The lab ended with an error. The terminal of rnn-tui serve shows it.",
)
STOPPED, NOT_STARTED = "rnn-tui serve was stopped. The run is saved.", "The lab could not be started."
MOST_BYTES = 2**20  # of a message, and of a pasted text
MOST_REFUSALS = 20  # to print
PATIENCE = 1.3  # seconds to wait for labs when the server ends


class Server:
    """The web application.  ``report`` is called once for each reason why requests were refused."""

    def __init__(self, command: Sequence[str], access: Access, report: Callable[[str], object]) -> None:
        self.access, self.labs, self._report = access, Labs(command), report
        self._reported: set[str] = set()
        self._stopping = asyncio.Event()
        self._pages: set[asyncio.Task[None]] = set()
        self.app = web.Application(middlewares=[guarded_by(self)])
        self.app.on_response_prepare.append(self._add_headers)
        self.app.on_shutdown.append(self._stop)
        for base in dict.fromkeys([access.public.path if access.public else "/", "/"]):  # a proxy may remove its path
            self.app.router.add_get(base + "{token}", self._slash)
            self.app.router.add_get(base + "{token}/ws", self._socket)
            self.app.router.add_get(base + "{token}/download/{key}", self._download)
            self.app.router.add_get(base + "{token}/{file:[^/]*}", self._file)

    def refusal(self, request: web.Request) -> str:
        """Return why a request is refused, and report it; empty if it is not refused."""
        headers, transport = request.headers, request.transport
        reached = transport.get_extra_info("sockname")[0] if transport else ""
        is_socket = headers.get("Upgrade", "").lower() == "websocket" or request.path.endswith("/ws")
        hosts, origins = headers.getall("Host", []), headers.getall("Origin", [])
        why = self.access.refusal(hosts, origins, reached, is_socket)
        if why and why not in self._reported and len(self._reported) < MOST_REFUSALS:
            self._reported.add(why)
            self._report(f"refused: {escaped(why[:400])}")
        known = self.access.knows(request.match_info.get("token", ""))
        return why or ("" if known else NO_TOKEN)

    async def _add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)

    async def _stop(self, _: web.Application) -> None:
        self._stopping.set()
        if self._pages:
            await asyncio.wait(self._pages, timeout=PATIENCE)

    async def _slash(self, request: web.Request) -> web.StreamResponse:
        query = f"?{request.query_string}" if request.query_string else ""
        raise web.HTTPFound(f"{request.match_info['token']}/{query}")  # relative, like all addresses

    async def _file(self, request: web.Request) -> web.StreamResponse:
        found = FILES.get(request.match_info["file"])
        if found is None:
            raise web.HTTPNotFound
        path, kind = found
        return web.FileResponse(path, headers={"Content-Type": kind})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Send a file that the lab offers, such as a screenshot."""
        key = request.match_info["key"]
        try:
            offered = await self.labs.downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound from None
        response = web.StreamResponse()
        response.content_type = offered.mime_type or "application/octet-stream"
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(offered.file_name)}"
        await response.prepare(request)
        async for chunk in self.labs.downloads.download(key):
            await response.write(chunk)
        await response.write_eof()
        return response

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        browser = web.WebSocketResponse(heartbeat=15, max_msg_size=MOST_BYTES, timeout=0.5)
        await browser.prepare(request)
        page = asyncio.create_task(self._show(browser, request))
        self._pages.add(page)
        page.add_done_callback(self._pages.discard)
        await page
        return browser

    async def _show(self, browser: web.WebSocketResponse, request: web.Request) -> None:
        try:
            width, height = int(request.query.get("width", "80")), int(request.query.get("height", "24"))
        except ValueError:
            width, height = 80, 24
        code, words = await self._until_the_end(browser, width, height)
        await browser.close(code=code, message=words.encode())

    async def _until_the_end(self, browser: web.WebSocketResponse, width: int, height: int) -> tuple[int, str]:
        """Show a lab until it, its page or the server ends; return the code and the reason to close the page with."""
        try:
            lab = await self.labs.opened(browser, *capped(width, height))
        except OSError as error:
            self._report(f"a lab could not be started: {error}")
            return 1011, NOT_STARTED
        if lab is None:
            return 1013, FULL
        tasks = [asyncio.create_task(self._obey(browser, lab)), asyncio.create_task(self._stopping.wait())]
        try:
            await asyncio.wait([*tasks, lab.drawing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await lab.stop()
        if self._stopping.is_set():
            return 1001, STOPPED
        return (1011, CRASHED) if lab.crashed else (1000, ENDED)

    async def _obey(self, browser: web.WebSocketResponse, lab: Lab) -> None:
        """Carry out the messages of a page, and ignore everything else."""
        async for packet in browser:
            try:
                message = json.loads(packet.data) if packet.type == WSMsgType.TEXT else None
            except (ValueError, RecursionError):
                continue
            match message:
                case ["stdin", str(text)]:
                    await lab.send_bytes(text.encode("utf-8", "replace"))
                case ["resize", {"width": int(width), "height": int(height)}]:
                    await lab.set_terminal_size(*capped(width, height))
                    await browser.send_str(json.dumps(["says", too_large(width, height)]))
                case ["ping", str(text)]:
                    await browser.send_str(json.dumps(["pong", text]))
                case ["blur"]:
                    await lab.blur()
                case ["focus"]:
                    await lab.focus()


def guarded_by(server: Server) -> Middleware:
    """Return the middleware that checks every request, including those for unknown addresses."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if why := server.refusal(request):
            raise web.HTTPForbidden(text=why + "\n")
        return await handler(request)

    return guard


def too_large(width: int, height: int) -> str:
    """Return a note if a window is larger than a lab can be; empty for other windows."""
    if width <= MOST_COLUMNS and height <= MOST_ROWS:
        return ""
    return f"The lab uses at most {MOST_COLUMNS} × {MOST_ROWS} cells of this window."


async def serve(
    command: Sequence[str], sockets: Sequence[socket.socket], access: Access, addresses: Sequence[str]
) -> None:
    """Serve until the process is told to end; then end all labs, which save their runs."""
    server = Server(command, access, lambda words: click.echo(words, err=True))
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):  # Windows, where ctrl+c cancels this task
            loop.add_signal_handler(getattr(signal, name), told.set)
    runner = web.AppRunner(server.app, access_log=None, shutdown_timeout=0.1)  # for requests that are not pages
    try:
        await runner.setup()
        for one in sockets:
            await web.SockSite(runner, one).start()
        click.echo("\n".join([f"the lab is at {addresses[0]}", *(f"           or {more}" for more in addresses[1:])]))
        click.echo("press ctrl+c to stop")
        await told.wait()
    finally:
        await runner.cleanup()
    if server.labs.running:
        click.echo("some labs are still saving their runs and will end on their own", err=True)
        sys.stdout.flush()
        os._exit(0)  # a normal exit would kill them
