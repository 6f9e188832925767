"""Measures of access to care."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import _maillage
from .errors import get_language, warn
from .files import Folder
from .tables import read_csv

if TYPE_CHECKING:
    from .territory import Territory


class Access:
    """What was measured: ``record`` is ``access.json``; tables are read when they are asked for."""

    def __init__(self, folder: Folder, record: dict[str, Any]) -> None:
        self._folder = folder
        #: The folder with every file.
        self.folder: Path = folder.path
        #: What ``access.json`` says.
        self.record = record

    @cached_property
    def zones(self) -> pd.DataFrame:
        """One row a figure: measure, indicator, zone, value."""
        return read_csv(self.folder / "zones.csv")

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a place; empty is unknown or out of reach."""
        return read_csv(self.folder / "places.csv")

    @cached_property
    def zoning(self) -> pd.DataFrame:
        """The class of each zone and why, where a zoning was asked for."""
        return read_csv(self.folder / "zoning.csv")

    @cached_property
    def trajectory(self) -> pd.DataFrame:
        """GPs and people without one by year, where a trajectory was asked for."""
        return read_csv(self.folder / "trajectory.csv")

    def __repr__(self) -> str:
        return f"<Access {self.record['territory']!r}: {len(self.record['figures'])} figures>"


def access(
    territory: Territory | str | os.PathLike[str],
    settings: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    *,
    against: Territory | str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] | None = None,
) -> Access:
    """Measures access over a territory: APL, times, inequality, and what ``settings`` (a file or a dictionary) ask besides.

    ``against`` is a second state of the same territory, whose winners and losers are counted too.
    """
    folder = Folder(output)
    folder.path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="maillage-") as made:
        file = settings
        if isinstance(settings, Mapping):
            file = Path(made) / "access.json"
            text = json.dumps({"schema_version": 1, **settings}, ensure_ascii=False)
            file.write_text(text, encoding="utf-8")
        paths = [None if t is None else _territory(t) for t in (territory, against)]
        record, warnings = _maillage.access(paths[0], file, paths[1], folder.path, get_language())
    warn(warnings)
    return Access(folder, json.loads(record))


def _territory(named: Territory | str | os.PathLike[str]) -> Path:
    path = Path(os.fspath(named))
    return path / "territory.json" if path.is_dir() else path
