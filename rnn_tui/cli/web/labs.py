"""The labs of browsers: one process for each page, and no more than ``MOST_LABS`` of them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

MOST_LABS = 8
MOST_COLUMNS, MOST_ROWS = 500, 200
END_WITHIN = 6.0  # seconds: a lab saves its run within 5, and what has not ended then never will
DRIVER = "rnn_tui.ui.input.browser_driver:BrowserDriver"


def capped(width: int, height: int) -> tuple[int, int]:
    return max(1, min(width, MOST_COLUMNS)), max(1, min(height, MOST_ROWS))


class Lab(AppService):
    """The process of one page's lab, whose packets go to the page's WebSocket."""

    def __init__(self, command: Sequence[str], browser: web.WebSocketResponse, downloads: DownloadManager) -> None:
        super().__init__(
            "",  # a command for a shell; there is none
            write_bytes=browser.send_bytes,
            write_str=browser.send_str,
            close=self._closes_itself,
            download_manager=downloads,
        )
        self._words, self._begun = command, False
        self.over: asyncio.Task[None] | None = None  # until the process has ended

    async def _closes_itself(self) -> None:
        """Leave the WebSocket open: it is closed when the process has ended, so that the run is saved by then."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return {**super()._build_environment(width, height), "TEXTUAL_DRIVER": DRIVER}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        """Start the command without a shell, and out of reach of the terminal's ctrl+c: the server ends its labs."""
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
        """Send on what the lab draws, until it ends or nobody is there to see it."""
        assert self._process is not None
        assert self._process.stdout is not None
        stdout = self._process.stdout
        handlers = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await stdout.readuntil(b"__GANGLION__\n")  # Textual's sign that packets follow
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
        """End the process, which saves its run, and return when it has ended."""
        if self.over is None:
            self.over = asyncio.create_task(self._end())
        await asyncio.shield(self.over)  # which must not stop halfway

    async def _end(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        process, stdout = self._process, self._process.stdout
        starting = not self._begun and not self.drawing.done()
        self.drawing.cancel()
        await asyncio.gather(self.drawing, return_exceptions=True)
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        self.stdin.close()  # the sign to end
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
    """All that are open, each started with the same command."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._running: set[Lab] = set()
        self.downloads = DownloadManager()

    @property
    def running(self) -> int:
        """Number of processes, those included that are ending."""
        self._running = {lab for lab in self._running if lab.over is None or not lab.over.done()}
        return len(self._running)

    async def opened(self, browser: web.WebSocketResponse, width: int, height: int) -> Lab | None:
        """Start a lab; None if there are as many as may be.  One that is ending is waited for: a page that is loaded
        again leaves one behind.
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
