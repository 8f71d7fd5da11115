"""Labs in browsers: one process per page, at most ``MOST_LABS``."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

MOST_LABS = 8
MOST_COLUMNS, MOST_ROWS = 500, 200
END_WITHIN = 6.0  # seconds: a lab saves its run within 5; a process that has not ended by then hangs
DRIVER = "rnn_tui.ui.input.browser_driver:BrowserDriver"


def capped(width: int, height: int) -> tuple[int, int]:
    return max(1, min(width, MOST_COLUMNS)), max(1, min(height, MOST_ROWS))


class Lab(AppService):
    """The process of one page's lab, which sends its packets to the page's WebSocket."""

    def __init__(self, command: Sequence[str], browser: web.WebSocketResponse, downloads: DownloadManager) -> None:
        super().__init__(
            "",  # no shell command
            write_bytes=browser.send_bytes,
            write_str=browser.send_str,
            close=self._closes_itself,
            download_manager=downloads,
        )
        self._words, self._begun = command, False
        self.over: asyncio.Task[None] | None = None  # until the process has ended

    async def _closes_itself(self) -> None:
        """Leave the WebSocket open: the server closes it when the process has ended and the run is saved."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return {**super()._build_environment(width, height), "TEXTUAL_DRIVER": DRIVER}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        """Start the command without a shell and out of reach of the terminal's ctrl+c: the server ends its labs."""
        self._process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Forward the output of the lab until the lab ends or the page is closed."""
        assert self._process is not None
        assert self._process.stdout is not None
        stdout = self._process.stdout
        handlers = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await stdout.readuntil(b"__GANGLION__\n")  # Textual writes this before its packets
            self._begun = True
            while True:
                kind = await stdout.readexactly(1)
                payload = await stdout.readexactly(int.from_bytes(await stdout.readexactly(4), "big"))
                await handlers[kind](payload)

    @property
    def drawing(self) -> "asyncio.Task[None]":
        assert self._task is not None
        return self._task

    @property
    def crashed(self) -> bool:
        return self._process is not None and bool(self._process.returncode)

    async def stop(self) -> None:
        """End the process, which saves its run; return when it has ended."""
        if self.over is None:
            self.over = asyncio.create_task(self._end())
        await asyncio.shield(self.over)  # must not stop halfway

    async def _end(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        process, stdout = self._process, self._process.stdout
        starting = not self._begun and not self.drawing.done()
        self.drawing.cancel()
        await asyncio.gather(self.drawing, return_exceptions=True)
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        self.stdin.close()  # tells the lab to end
        if starting:  # it does not read yet, and has no run to save
            with suppress(ProcessLookupError):
                process.terminate()

        async def read_on() -> None:  # a lab that cannot write cannot end
            while await stdout.read(65_536):
                pass

        reading = asyncio.create_task(read_on())
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            reading.cancel()


class Labs:
    """The open labs, each started with the same command."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._running: set[Lab] = set()
        self.downloads = DownloadManager()

    @property
    def running(self) -> int:
        """Return the number of processes, including those that are ending."""
        self._running = {lab for lab in self._running if lab.over is None or not lab.over.done()}
        return len(self._running)

    async def opened(self, browser: web.WebSocketResponse, width: int, height: int) -> Lab | None:
        """Start a lab; return None if ``MOST_LABS`` are open.

        Wait for a lab that is ending: a page that is reloaded leaves one behind.
        """
        while self.running >= MOST_LABS:
            ending = [lab.over for lab in self._running if lab.over is not None]
            if not ending:
                return None
            await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
        lab = Lab(self._command, browser, self.downloads)
        self._running.add(lab)
        try:
            await lab.start(width, height)
        except BaseException:
            self._running.discard(lab)
            raise
        return lab
