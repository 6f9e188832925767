"""Plain location problems from files of benchmarks and cost tables. On arrays: :mod:`maillage.location`."""

from __future__ import annotations

import json
import os
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from . import _maillage
from .files import limits
from .progress import Progress, watching
from .results import Verdict, check
from .tables import frame


class Located:
    """The result of a plain location problem, with its certificate: ``record`` is what ``maillage locate`` writes."""

    def __init__(self, record: dict[str, Any], file: Path | None) -> None:
        #: Everything that was found.
        self.record = record
        #: The file it was written to.
        self.file = file

    @property
    def status(self) -> str:
        """How good the plan is, as claimed."""
        return self.record["status"]

    @property
    def objective(self) -> float | None:
        """In the unit of the instance."""
        return self._units(self.record["objective"])

    @property
    def bound(self) -> float | None:
        """What no plan can beat."""
        return self._units(self.record["bound"])

    @property
    def open(self) -> list[str]:
        """Open sites."""
        return self.record["open"]

    @property
    def certificate(self) -> dict[str, Any] | None:
        """Multipliers from which anyone counts a bound again."""
        return self.record["certificate"]

    @cached_property
    def assignment(self) -> pd.DataFrame:
        """Who is served from where, where opening and service are paid for."""
        return pd.DataFrame(self.record["assignment"], columns=["client", "site", "amount"])

    def check(self) -> Verdict:
        """Holds the file against its instance, without a solver."""
        if self.file is None:
            raise ValueError("output=FILE, then check")
        return check(self.file)

    def _units(self, value: int | None) -> float | None:
        if value is None:
            return None
        root = value**0.5 if self.record["squared"] else value
        return root / self.record["scale"]

    def __repr__(self) -> str:
        return f"<Located {self.record['problem']}: {self.status}, objective {self.objective}, bound {self.bound}>"


def locate(
    instance: str | os.PathLike[str],
    problem: str,
    format: str = "csv",
    *,
    p: int | None = None,
    radius: float | str | None = None,
    budget: int | None = None,
    demand: int | None = None,
    times: int | None = None,
    capacity: int | None = None,
    plans: int | None = None,
    apart: int | None = None,
    within: float | None = None,
    weights: Any = None,
    memory_mb: int | None = None,
    output: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Located:
    """Solves ``problem`` (``p-median``, ``p-center``, ``max-cover``, ``set-cover``, ``partial-cover``, ``backup-cover``,
    ``fixed-charge``, ``capacitated``, ``single-source``) on a file; the options are those of ``maillage locate``.

    With ``output`` the result is written there, and can be checked against the instance.
    """
    asked = {
        "format": format,
        "problem": problem,
        "p": p,
        "radius": None if radius is None else str(radius),
        "budget": budget,
        "demand": demand,
        "times": times,
        "capacity": capacity,
        "plans": plans,
        "apart": apart,
        "within": within,
        "memory_mb": memory_mb,
    }
    with tempfile.TemporaryDirectory(prefix="maillage-") as made:
        if weights is not None and not isinstance(weights, str | os.PathLike):
            path = Path(made) / "weights.csv"
            frame(weights).to_csv(path, index=False)
            weights = path
        with watching(progress) as callback:
            record = _maillage.locate(
                instance, asked | {"weights": weights}, output, limits(time_limit, gap, threads, seed), callback
            )
    return Located(json.loads(record), Path(output) if output is not None else None)
