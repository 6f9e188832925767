"""Results: the folder that ``maillage solve`` writes, read lazily."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import _maillage
from .errors import Problem, get_language
from .files import Folder
from .tables import read_csv, read_geo

if TYPE_CHECKING:
    import geopandas


class Result:
    """A solved scenario: ``record`` is ``result.json``; tables are read when they are asked for.

    ``status`` is ``optimal`` only where bound and objective are equal, in whole numbers, for every goal; else
    ``within_gap``, ``feasible``, ``infeasible`` or ``no_plan``. ``limit`` is ``interrupted`` after Ctrl-C.
    """

    def __init__(self, folder: Folder | str | os.PathLike[str], record: dict | None = None, warnings: Iterable[Problem] = ()):
        self._folder = folder if isinstance(folder, Folder) else Folder(folder)
        #: The folder with every file.
        self.folder: Path = self._folder.path
        #: Warnings about the inputs.
        self.warnings: list[Problem] = list(warnings)
        if record is None:
            record = json.loads((self.folder / "result.json").read_text(encoding="utf-8"))
        #: What ``result.json`` says.
        self.record: dict[str, Any] = record

    @property
    def status(self) -> str:
        """How good the plan is, as claimed."""
        return self.record["status"]

    @property
    def limit(self) -> str | None:
        """What stopped the solve, if something did."""
        return self.record.get("limit")

    @property
    def objective(self) -> float | None:
        """Value of the first goal."""
        return self.record.get("objective")

    @property
    def bound(self) -> float | None:
        """What no plan can beat, for the first goal."""
        return self.record.get("bound")

    @property
    def gap(self) -> float | None:
        """The largest relative gap of all goals."""
        return self.record.get("gap")

    @property
    def goals(self) -> pd.DataFrame:
        """Each goal with its objective, bound, gap and status."""
        return pd.DataFrame(self.record["goals"])

    @property
    def progress(self) -> pd.DataFrame:
        """How plan and bound came closer."""
        return pd.DataFrame(self.record.get("progress", []))

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Sites of the plan."""
        return self._table("sites.csv")

    @cached_property
    def assignments(self) -> pd.DataFrame:
        """Who goes where, before and after."""
        return self._table("assignments.csv")

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Indicators before and after."""
        return self._table("indicators.csv")

    @cached_property
    def posts(self) -> pd.DataFrame:
        """Posts by year, of a programme."""
        return self._table("posts.csv")

    @cached_property
    def money(self) -> pd.DataFrame:
        """Payments by year and payer, of a programme."""
        return self._table("money.csv")

    @cached_property
    def plan(self) -> geopandas.GeoDataFrame:
        """Sites and places as a GeoDataFrame (WGS84); geopandas is needed."""
        return read_geo(self._file("plan.geojson"))

    @property
    def report(self) -> Path:
        """The page for councils, which opens without a network."""
        return self._file("report.html")

    def check(self) -> Verdict:
        """Recomputes everything from the inputs, without a solver."""
        return check(self.folder)

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise FileNotFoundError(f"{path} ({self.status})")
        return path

    def _table(self, name: str) -> pd.DataFrame:
        return read_csv(self._file(name))

    def __repr__(self) -> str:
        return f"<Result {self.record['scenario']!r}: {self.status}, objective {self.objective}, bound {self.bound}>"

    def _repr_html_(self) -> str:
        return self.goals[["goal", "sense", "status", "objective", "bound", "gap", "unit"]].to_html(index=False)


@dataclass(frozen=True)
class Verdict:
    """What a check found."""

    #: The scenario or instance.
    scenario: str
    #: Whether everything holds.
    holds: bool
    #: Every violation, and what was not verified.
    report: dict[str, Any]
    #: The same for people.
    text: str

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return self.text


def check(result: str | os.PathLike[str] | Result, scenario: str | os.PathLike[str] | None = None) -> Verdict:
    """Holds a result folder, or a file that ``locate`` wrote, against its inputs, without a solver.

    ``scenario`` names the scenario or the instance when it has moved.
    """
    folder = result.folder if isinstance(result, Result) else result
    name, holds, told, text = _maillage.check(folder, scenario, get_language())
    return Verdict(name, holds, json.loads(told), text)


def report(
    result: str | os.PathLike[str] | Result,
    exports: Iterable[str] = (),
    scenario: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Writes page and tables anew in the current language, and files of other tools: ``gpkg``, ``xlsx``, ``note``, ``maps``.

    ``result`` is a result or its folder, or the folder of a suite. Returns what was written.
    """
    wanted, known = list(exports), {"gpkg", "xlsx", "note", "maps"}
    if not known.issuperset(wanted):
        raise ValueError(f"exports: {sorted(known)}")
    folder = result.folder if isinstance(result, Result) else result
    return [Path(file) for file in _maillage.report(folder, wanted, scenario, get_language())]
