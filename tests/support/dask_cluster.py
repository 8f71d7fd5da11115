"""A dask scheduler and its workers as processes on the loopback."""

import os
import re
import subprocess
import sys
import time

SCHEDULER = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
WORKER = ("--nthreads", "1", "--no-nanny", "--no-dashboard")


class DaskCluster:
    """A scheduler at ``address``; ``worker`` adds workers.  Their logs are in a folder."""

    def __init__(self, folder):
        self._folder, self.processes = folder, {}
        self._start("scheduler", SCHEDULER)
        log = self._folder / "scheduler.log"
        while not (found := re.search(r"Scheduler at: +(\S+)", log.read_text())):
            assert self.processes["scheduler"].poll() is None, log.read_text()
            time.sleep(0.02)
        self.address = found[1]

    def worker(self, name, preload=""):
        """Start a worker that first runs the statements of ``preload``."""
        words = ["worker", self.address, "--name", name, *WORKER]
        if preload:
            file = self._folder / f"{name}.py"
            file.write_text(preload)
            words += ["--preload", str(file)]
        self._start(name, words)

    def _start(self, name, words):
        with (self._folder / f"{name}.log").open("w") as log:
            command = [sys.executable, "-m", "dask", *words]
            environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
            self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def close(self):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
