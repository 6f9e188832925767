"""Suites: many scenarios made of one base, solved side by side, here or elsewhere, and compared."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import _maillage
from .errors import Problem, get_language
from .files import Folder, Spec, limits, spec_file
from .progress import Progress, watching
from .results import Result
from .tables import read_csv

if TYPE_CHECKING:
    from .territory import Territory


@dataclass(frozen=True)
class Unit:
    """One scenario of a suite: a file in, a result folder out. To solve it again changes nothing."""

    name: str
    #: The scenario file that was written.
    scenario: Path
    #: Its result folder.
    folder: Path
    #: About what its solve takes; ``None`` where its inputs cannot be used.
    memory_mb: int | None = None
    #: Elapsed seconds of the result that stands there, if one does.
    seconds: float | None = None


@dataclass(frozen=True)
class Ended:
    """How a unit ended: ``status`` is that of the plan, ``bad_input``, ``internal_error`` or ``not_run``."""

    scenario: str
    status: str
    #: Whether the result stood there already.
    kept: bool = False
    limit: str | None = None
    wall_seconds: float | None = None
    #: Why the input was bad.
    problems: list[Problem] = field(default_factory=list)
    #: What failed.
    why: str | None = None

    @classmethod
    def of(cls, text: str) -> Ended:
        """From the JSON of the engine."""
        raw = json.loads(text)
        raw["problems"] = [Problem.of(p) for p in raw["problems"] or []]
        return cls(**raw)


def prepare(
    suite: Spec, output: str | os.PathLike[str], *, territory: Territory | str | os.PathLike[str] | None = None
) -> list[Unit]:
    """Writes every scenario of a suite to ``output/units/NAME.json``, and says where each result is to be.

    What comes of them can be solved anywhere (:func:`run_units`, or ``maillage solve``), then compared (:func:`collect`).
    """
    folder = Folder(output)
    lines = _maillage.suite_prepare(spec_file(suite, folder, territory), folder.path)
    raw = [json.loads(line) for line in lines]
    return [Unit(u["name"], Path(u["scenario"]), Path(u["folder"]), u["memory_mb"], u["seconds"]) for u in raw]


def run_units(
    units: Iterable[Unit],
    *,
    jobs: int | None = None,
    memory_mb: int | None = None,
    resume: bool = True,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> list[Ended]:
    """Solves units here, each into its folder, as many at once as there are cores unless ``jobs`` says so.

    With ``resume`` a result that a run would give again is kept. What becomes of one does not touch the others.
    """
    paths = [_paths(unit) for unit in units]
    with watching(progress, len(paths)) as callback:
        ended = _maillage.suite_run(
            paths, jobs, memory_mb, resume, limits(time_limit, gap, threads, seed), get_language(), callback
        )
    return [Ended.of(text) for text in ended]


def collect(
    units: Iterable[Unit],
    output: str | os.PathLike[str],
    *,
    title: str | None = None,
    regret: bool = False,
    ended: Iterable[Ended] = (),
) -> Suite:
    """Compares the results of units, wherever they were solved, and writes the comparison into ``output``.

    A result that is absent, torn, or made from other inputs is ``not_run``, unless ``ended`` says more of it. With ``regret``
    every plan is put under every other scenario.
    """
    folder = Path(output)
    known = {e.scenario: e for e in ended}
    failed = {e.scenario: e.why or "" for e in known.values() if e.status == "internal_error"}
    told, found = _maillage.suite_compare(
        [_paths(unit) for unit in units], failed, folder, title or folder.name, regret, limits(), get_language()
    )
    return Suite(folder, json.loads(told), [known.get(e.scenario, e) for e in map(Ended.of, found)])


def suite(
    suite: Spec,
    output: str | os.PathLike[str],
    *,
    territory: Territory | str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    memory_mb: int | None = None,
    resume: bool = False,
    regret: bool = False,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Suite:
    """Solves all scenarios of a suite, a file or a dictionary, into ``output``, and compares them.

    Ctrl-C stops all: what is finished stays, what was not begun is ``not_run``.
    """
    units = prepare(suite, output, territory=territory)
    ended = run_units(
        units,
        jobs=jobs,
        memory_mb=memory_mb,
        resume=resume,
        time_limit=time_limit,
        gap=gap,
        threads=threads,
        seed=seed,
        progress=progress,
    )
    title = Path(suite).stem if isinstance(suite, str | os.PathLike) else None
    return collect(units, output, title=title, regret=regret, ended=ended)


class Suite:
    """Scenarios side by side: ``suite["name"]`` is the result of one."""

    def __init__(self, folder: Path, comparison: dict[str, Any], ended: list[Ended]) -> None:
        #: The folder of the results and of the comparison.
        self.folder = folder
        #: What ``comparison.json`` says.
        self.comparison = comparison
        #: How each scenario ended.
        self.ended = ended

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row a scenario; differences are from the first."""
        return read_csv(self.folder / "comparison.csv")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """In how many plans a site opens in each commune."""
        return read_csv(self.folder / "comparison-sites.csv")

    @cached_property
    def zones(self) -> pd.DataFrame:
        """People served by zone and scenario."""
        return read_csv(self.folder / "comparison-zones.csv")

    @cached_property
    def regrets(self) -> pd.DataFrame:
        """Each plan under each other scenario, where that was asked for."""
        return read_csv(self.folder / "comparison-regret.csv")

    @property
    def report(self) -> Path:
        """The page that compares them."""
        return self.folder / "comparison.html"

    @property
    def failures(self) -> list[Ended]:
        """Those that ended without a result."""
        return [e for e in self.ended if e.status in ("bad_input", "internal_error", "not_run")]

    def __len__(self) -> int:
        return len(self.ended)

    def __iter__(self) -> Iterator[str]:
        return iter(e.scenario for e in self.ended)

    def __getitem__(self, scenario: str) -> Result:
        if scenario not in set(self):
            raise KeyError(scenario)
        return Result(self.folder / scenario)

    def __repr__(self) -> str:
        return f"<Suite {str(self.folder)!r}: {len(self)} scenarios, {len(self.failures)} without a result>"


def _paths(unit: Unit) -> tuple[str, Path, Path]:
    return unit.name, unit.scenario, unit.folder
