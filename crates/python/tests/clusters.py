"""A scheduler and workers as processes of their own on this machine, as their commands start them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client

#: Loaded into the workers: units whose name says so are slow, fail, or kill their worker; each begun unit leaves a mark.
FAULTS = """
import os, sys, time
from maillage import _maillage

# Dask may load this twice.
solve = getattr(_maillage.unit_run, "solve", _maillage.unit_run)

def unit_run(of, path, *rest):
    name = path[0]
    open(os.path.join(os.environ["MARKS"], f"{name}-{os.getpid()}-{time.time_ns()}"), "w").close()
    if "kills" in name:
        os._exit(9)
    if "fails" in name:
        raise OSError("no space left, the worker says")
    time.sleep(float(os.environ.get("SLOW", 0)))
    return solve(of, path, *rest)

unit_run.solve = solve
_maillage.unit_run = unit_run
"""


class Cluster:
    """Ends all its processes when it is left."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir()
        (folder / "faults.py").write_text(FAULTS)
        self.processes = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait()

    def _start(self, *arguments, **environment):
        log = (self.folder / "processes.log").open("a")
        settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "MARKS": str(self.marks)}
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
            env={**os.environ, **settings, **environment},
            cwd=self.folder,
            stdout=log,
            stderr=log,
        )
        self.processes.append(process)
        return process

    def scheduler(self):
        return self._start("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", "--no-show")

    def worker(self, *options, nanny=False, **environment):
        """One worker of one thread, not started again when it dies, unless there is a nanny."""
        scratch = self.folder / f"scratch-{len(self.processes)}"
        where = ["--host", "127.0.0.1", "--local-directory", str(scratch), "--no-dashboard"]
        what = ["--nthreads", "1", "--nanny" if nanny else "--no-nanny", "--preload", str(self.folder / "faults.py")]
        return self._start("dask_worker", self.address, *where, *what, *options, **environment)

    def client(self, workers):
        client = Client(self.address, timeout=60)
        client.wait_for_workers(workers, timeout=60)
        return client

    def began(self):
        """Names of units that workers began, as often as they did."""
        return [mark.name.rsplit("-", 2)[0] for mark in self.marks.iterdir()]

    def wait_until(self, happened):
        end = time.monotonic() + 60
        while not happened():
            assert time.monotonic() < end, (self.folder / "processes.log").read_text()[-4000:]
            time.sleep(0.02)
