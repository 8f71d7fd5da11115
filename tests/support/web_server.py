"""A server of labs in a process of its own, and ways to reach it."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, suppress


def until(look, seconds=30.0):
    """Return what ``look`` returns as soon as it is something; fail if that takes too long."""
    end = time.monotonic() + seconds
    while True:
        with suppress(OSError):
            if found := look():
                return found
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


class Served:
    """``rnn-tui serve``; ``address``: the first that it printed."""

    def __init__(self, home, *words, port):
        command = [sys.executable, "-m", "rnn_tui", "serve", "--port", str(port), *words]
        environment = {**os.environ, "RNN_TUI_HOME": str(home)}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.address = re.search(r"http\S+", self.process.stdout.readline())[0]
        self.errors = []
        self._reading = threading.Thread(target=lambda: self.errors.extend(self.process.stderr))
        self._reading.start()

    def labs(self):
        """Process ids."""
        text = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(word) for word in text.split()]

    def end(self, number):
        """Send a signal; return the exit code and all that was said on stderr."""
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.close()
        return code, "".join(self.errors)

    def close(self):
        self.process.kill()
        self.process.wait()
        self._reading.join()
        self.process.stdout.close()
        self.process.stderr.close()


@asynccontextmanager
async def forwarded(port, change=lambda head: head):
    """The port of a forwarder to ``port``; ``change`` rewrites the head of what each connection sends first."""

    async def copy(reader, writer):
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connected(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", port)
        back.write(change(await reader.readuntil(b"\r\n\r\n")))
        await asyncio.gather(copy(reader, back), copy(there, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
