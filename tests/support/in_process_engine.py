"""An engine without processes, for tests of what is around it."""

from rnn_tui.experiments.jobs import run_job


class InProcess:
    """Computes each job at once; ``most``: stop after so many."""

    size = 1

    def __init__(self, most=None):
        self.most, self.computed, self._stopped = most, [], False

    def completed(self, jobs):
        for job in jobs:
            if self._stopped or len(self.computed) == self.most:
                return
            self.computed.append(job.index)
            yield run_job(job)

    def stop(self):
        self._stopped = True
