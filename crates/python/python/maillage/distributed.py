"""Suites on several machines, by Dask distributed: one task a unit, and nothing of ours that schedules.

>>> from distributed import Client  # doctest: +SKIP
>>> from maillage import distributed  # doctest: +SKIP
>>> done = distributed.run("suite.json", Client("tcp://scheduler:8786"), "out/suite")  # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sysconfig
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

try:
    from distributed import Client, Future, KilledWorker, Reschedule, Worker, WorkerPlugin, as_completed, get_worker
except ImportError as e:
    raise ImportError("distributed manque : pip install 'maillage[dask]' · is missing: pip install 'maillage[dask]'") from e

from . import _maillage
from .errors import InternalError, MaillageError, Text, get_language, problems
from .files import Spec, limits
from .progress import Progress, watching
from .suites import Ended, Suite, Unit, collect, prepare
from .territory import Territory


class Build(NamedTuple):
    """What must be the same everywhere for results to be the same; ``module`` only among machines of one ``platform``."""

    version: str
    engine: str
    platform: str
    #: SHA-256 of the compiled module.
    module: str

    def same(self, other: Build) -> bool:
        """Whether both give the same results."""
        alike = self.platform != other.platform or self.module == other.module
        return (self.version, self.engine) == (other.version, other.engine) and alike

    def __str__(self) -> str:
        return f"maillage {self.version}, {self.engine}, {self.platform}, {self.module[:12]}"


@cache
def build() -> Build:
    """The maillage of this process."""
    digest = hashlib.sha256()
    with open(_maillage.__file__, "rb") as module:
        while block := module.read(1 << 20):
            digest.update(block)
    return Build(_maillage.version(), _maillage.solver(), sysconfig.get_platform(), digest.hexdigest())


class VersionMismatch(RuntimeError):
    """Workers that do not have the maillage of this process: :attr:`workers` says what each has."""

    def __init__(self, mine: str, workers: dict[str, str]) -> None:
        super().__init__(mine, workers)
        #: What this process has.
        self.mine = mine
        #: What each of the others has, by the address of the worker.
        self.workers = workers

    def __str__(self) -> str:
        text = Text(
            f"des workers n'ont pas le maillage de ce processus ({self.mine}) ; installer partout le même paquet",
            f"workers do not have the maillage of this process ({self.mine}); install the same wheel everywhere",
        )
        return "\n".join([str(text), *(f"  {worker}: {has}" for worker, has in sorted(self.workers.items()))])


class ClusterLost(RuntimeError):
    """The scheduler went away and did not come back. What is finished stands: run again, with ``resume``."""


def run(
    suite: Spec,
    client: Client,
    output: str | os.PathLike[str] | None = None,
    *,
    territory: Territory | str | os.PathLike[str] | None = None,
    shared: bool | None = None,
    resume: bool = True,
    regret: bool = False,
    retries: int = 2,
    memory_resource: str | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Suite:
    """Solves all scenarios of a suite on the workers of ``client``, into ``output``, and compares them here.

    Each unit is one task. A unit ends once: solved, infeasible, ``bad_input`` (never tried again), or ``internal_error`` after
    ``retries`` more attempts, or when it has killed as many workers as the scheduler allows. What becomes of one does not touch
    the others. With ``resume`` results that a run would give again are kept.

    ``shared`` says whether the workers see the folder of this process under the same path; ``None`` asks them. Where they do,
    they read the files there and write results there; where not, files are sent to them and results sent back.

    ``memory_resource`` is the name of a resource of the workers (``dask worker --resources "MB=8000"``) of which a unit takes the
    megabytes of its estimate. ``progress`` is told of units that end. Without ``output`` results go to ``out/NAME``, the name
    being that of the file of the suite.

    Raises :class:`VersionMismatch` before anything is solved where a worker has another maillage; one that comes later is
    refused by itself. Ctrl-C stops all: what is finished stays, the rest is ``not_run``.
    """
    if output is None:
        if not isinstance(suite, str | os.PathLike):
            raise TypeError("output= goes with a suite given as a dictionary")
        output = Path("out") / Path(suite).stem
    if client.asynchronous:
        raise TypeError("run() waits: the client must not be asynchronous")
    folder = Path(output).resolve()
    mine = build()
    _refuse_others(client, mine)
    units = prepare(suite, folder, territory=territory)
    if shared is None:
        shared = _all_see(client, folder)
    bounds, language = limits(time_limit, gap, threads, seed), get_language()
    ended: dict[str, Ended] = {}
    files = None
    if not shared:
        files, ended = _Files.of(units)
        if resume:  # the workers do not see what stands here
            kept = _maillage.units_kept([_paths(unit) for unit in units], bounds, language)
            ended |= {e.scenario: e for e in map(Ended.of, filter(None, kept))}
    plan = _Plan(uuid.uuid4().hex, mine, None if files else folder, resume, bounds, language)
    todo = [unit for unit in units if unit.name not in ended]
    takes = _takes(client, todo, memory_resource)
    suspects: set[str] = set()
    with watching(progress, len(units)) as callback, suppress(KeyboardInterrupt):
        for end in ended.values():
            _tell(callback, end)
        while todo:
            with _guarded(client, plan, files):
                for end in _solved(client, plan, todo, files, retries, takes, suspects):
                    ended[end.scenario] = end
                    _tell(callback, end)
            todo = [unit for unit in todo if unit.name not in ended]
            if todo:  # their tasks went with the scheduler
                _wait_for_scheduler(client)
    title = Path(suite).stem if isinstance(suite, str | os.PathLike) else None
    return collect(units, folder, title=title, regret=regret, ended=ended.values())


# ---- Here.


def _paths(unit: Unit) -> tuple[str, Path, Path]:
    return unit.name, unit.scenario, unit.folder


def _refuse_others(client: Client, mine: Build) -> None:
    # Clusters that grow on demand have no worker before there is a task.
    client.submit(os.getpid, pure=False).result()
    found = client.run(build, on_error="return")
    others = {w: str(b) for w, b in found.items() if not (isinstance(b, Build) and mine.same(b))}
    if others:
        raise VersionMismatch(str(mine), others)


def _all_see(client: Client, folder: Path) -> bool:
    with tempfile.NamedTemporaryFile(dir=folder / "units", prefix=".seen-") as probe:
        return all(client.run(os.path.exists, probe.name).values())


def _takes(client: Client, units: list[Unit], name: str | None) -> dict[str, dict[str, float]]:
    """What each unit takes of a resource: one that needs more than the largest worker has gets all of it."""
    if name is None:
        return {}
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    most = max((worker["resources"].get(name, 0) for worker in workers), default=0)
    if not most:
        raise ValueError(f"no worker has the resource {name!r}: dask worker --resources {name}=...")
    return {unit.name: {name: min(unit.memory_mb or 0, most)} for unit in units}


def _tell(callback: Any, end: Ended) -> None:
    if callback is not None:
        rest = dict.fromkeys(("goal", "elapsed", "objective", "bound", "gap"))
        callback({"what": "ended", "scenario": end.scenario, "status": end.status, **rest})


def _solved(
    client: Client,
    plan: _Plan,
    units: list[Unit],
    files: _Files | None,
    retries: int,
    takes: dict[str, dict[str, float]],
    suspects: set[str],
) -> Iterator[Ended]:
    """One task for each unit, the suspects one by one. Those that went with the scheduler do not end."""

    def tasks(some: list[Unit]) -> Iterator[tuple[Unit, Ended | KilledWorker]]:
        futures: dict[Future, Unit] = {}
        try:
            for unit in some:
                paths = files.paths(unit) if files else tuple(map(str, _paths(unit)))
                key = (f"maillage-{plan.of}", unit.name)  # names the unit on the dashboard
                future = client.submit(_solve, plan, paths, key=key, retries=retries, resources=takes.get(unit.name))
                futures[future] = unit
            for future in as_completed(list(futures)):
                unit = futures.pop(future)
                with suppress(CancelledError, TimeoutError, ConnectionError):
                    yield unit, _ended(future, unit)
                future.release()
        finally:
            if futures:
                client.cancel(list(futures))

    for unit, end in tasks([unit for unit in units if unit.name not in suspects]):
        if isinstance(end, KilledWorker):
            # Dask blames all that the worker was to do for its death: who did it is seen when each is alone.
            suspects.add(unit.name)
        else:
            yield end
    for unit in units:
        for _, end in tasks([unit] if unit.name in suspects else []):
            yield _failed(unit, end) if isinstance(end, KilledWorker) else end


def _ended(future: Future, unit: Unit) -> Ended | KilledWorker:
    """How a task ended; `CancelledError` where it was lost."""
    try:
        text, packed = future.result()
    except KilledWorker as e:
        return e
    except (CancelledError, ConnectionError, TimeoutError):
        # An error of these kinds in the unit itself is one.
        if future.status == "error":
            return _failed(unit, future.exception())
        raise
    except Exception as e:
        return _failed(unit, e)
    end = Ended.of(text)
    return end if packed is None else _receive(end, packed, unit.folder)


def _failed(unit: Unit, error: BaseException | None) -> Ended:
    return Ended(unit.name, "internal_error", why=f"{type(error).__name__}: {error}")


def _wait_for_scheduler(client: Client) -> None:
    while client.status == "connecting":  # as long as the client's own timeout
        time.sleep(0.1)
    if client.status != "running":
        raise ClusterLost("le serveur Dask a disparu ; relancer : ce qui est fini est gardé · the scheduler is gone; run again")


@contextmanager
def _guarded(client: Client, plan: _Plan, files: _Files | None) -> Iterator[None]:
    name = f"maillage-{plan.of}"
    client.register_plugin(_Guard(plan, files.packed if files else None), name=name)
    try:
        yield
    finally:
        with suppress(Exception):  # the scheduler may be gone, and the plugin with it
            client.unregister_worker_plugin(name)


@dataclass(frozen=True)
class _Files:
    """Every file that units read, packed by its path below the folder that holds them all."""

    root: Path
    packed: bytes

    @classmethod
    def of(cls, units: Iterable[Unit]) -> tuple[_Files, dict[str, Ended]]:
        """And how the units whose inputs cannot be used ended."""
        units, bad, found = list(units), {}, set()
        for unit, (files, wrong) in zip(units, _maillage.unit_files([_paths(unit) for unit in units]), strict=True):
            found |= {Path(os.path.normpath(file)) for file in files}
            if wrong is not None:
                bad[unit.name] = Ended(unit.name, "bad_input", problems=problems(wrong))
        root = Path(os.path.commonpath([*found, *(unit.folder for unit in units)]))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for file in sorted(found):
                archive.write(file, file.relative_to(root).as_posix())
        return cls(root, packed.getvalue()), bad

    def paths(self, unit: Unit) -> tuple[str, str, str]:
        """A unit, its paths below the root."""
        return unit.name, *(path.relative_to(self.root).as_posix() for path in (unit.scenario, unit.folder))


def _receive(end: Ended, packed: bytes, folder: Path) -> Ended:
    """Puts a result that was sent back in its place, unless it found nothing where an earlier one did."""
    if end.status == "no_plan" and (folder / "result.json").is_file():
        return end
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = [(name, archive.read(name).decode()) for name in archive.namelist()]
    try:
        _maillage.unit_receive(folder, files)
    except MaillageError as e:
        return Ended(end.scenario, "bad_input", problems=e.problems)
    return end


# ---- On the workers.


@dataclass(frozen=True)
class _Plan:
    """What all units of a run have in common."""

    #: Which run it is.
    of: str
    build: Build
    #: The folder of the results, which every worker sees; without one files are sent and results sent back.
    folder: Path | None
    resume: bool
    limits: dict[str, Any]
    language: str

    def root(self, worker: Worker) -> Path:
        """What the paths of units begin from."""
        return self.folder or Path(worker.local_directory) / f"maillage-{self.of}"

    def fits(self, worker: Worker) -> bool:
        """Whether this worker has the same maillage, and the files."""
        return self.build.same(build()) and (self.root(worker) / ("units" if self.folder else "")).is_dir()


class _Guard(WorkerPlugin):
    """Set up in every worker, those that come later too: one that has another maillage, or not the files, leaves."""

    def __init__(self, plan: _Plan, packed: bytes | None) -> None:
        self.plan = plan
        self.packed = packed

    def setup(self, worker: Worker) -> None:
        try:
            if self.packed is not None:
                with zipfile.ZipFile(io.BytesIO(self.packed)) as archive:
                    archive.extractall(self.plan.root(worker))
            self.packed = None
            if not self.plan.fits(worker):
                raise VersionMismatch(str(self.plan.build), {worker.address: f"{build()}, {self.plan.root(worker)}"})
        except Exception:
            worker.loop.add_callback(worker.close, reason="maillage-refused")
            raise

    def teardown(self, worker: Worker) -> None:
        if self.plan.folder is None:
            shutil.rmtree(self.plan.root(worker), ignore_errors=True)


def _solve(plan: _Plan, paths: tuple[str, str, str]) -> tuple[str, bytes | None]:
    """Solves a unit: how it ended, as JSON, and its result where it is to be sent back.

    Raises only what another attempt may mend.
    """
    worker = get_worker()
    if not plan.fits(worker):
        raise Reschedule  # it leaves
    name, scenario, folder = paths[0], *(plan.root(worker) / path for path in paths[1:])
    alone = worker.state.nthreads == 1
    text = _maillage.unit_run(plan.of, (name, scenario, folder), alone, plan.resume, plan.limits, plan.language)
    said = json.loads(text)
    if said["status"] == "internal_error":
        raise InternalError(said["why"])
    if plan.folder is not None or not folder.is_dir():
        return text, None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder).as_posix())
    shutil.rmtree(folder)
    return text, packed.getvalue()
