"""Tables of travel times: by road, from other engines, from DataFrames."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import _maillage
from .errors import Text, warn
from .tables import frame, is_geo

#: A table of places, or its file.
Places = Any


class Times:
    """Times between places, as arrays: of each pair the positions of both places and the minutes.

    ``frame`` is the table ``from_id``, ``to_id``, ``minutes``; its two columns of codes are categories over the same arrays.
    """

    def __init__(
        self,
        from_codes: list[str],
        to_codes: list[str],
        from_: np.ndarray,
        to: np.ndarray,
        minutes: np.ndarray,
        *,
        credit: str | None = None,
        date: str | None = None,
        record: dict[str, Any] | None = None,
        text: Text | None = None,
    ) -> None:
        #: Codes of the places one leaves, and reaches.
        self.from_codes, self.to_codes = from_codes, to_codes
        #: Positions of both places of each pair.
        self.from_, self.to = from_, to
        #: Of each pair.
        self.minutes = minutes
        #: Where the times come from, and of when they are.
        self.credit, self.date = credit, date
        #: What they were made of (``made``), and what they cover (``coverage``), where maillage made them.
        self.record = record or {}
        #: The same for people.
        self.text = text

    @classmethod
    def of(cls, table: Any) -> Times:
        """From a table with the columns ``from_id``, ``to_id`` and ``minutes``. Pairs without a time are left out: that is not
        a time of zero."""
        table = frame(table)
        minutes = table["minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(minutes)
        if not known.all():
            table, minutes = table[known], minutes[known]
        from_, from_codes = _codes(table["from_id"])
        to, to_codes = _codes(table["to_id"])
        return cls(from_codes, to_codes, from_, to, minutes)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Times:
        """From a binary table (``.mtt``)."""
        from_codes, to_codes, from_, to, hundredths = _maillage.read_times(path)
        record = _beside(Path(path))
        return cls(from_codes, to_codes, from_, to, hundredths / 100.0, credit=record.get("credit"), date=record.get("date"))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes a binary table (``.mtt``), minutes rounded to the hundredth; of a pair that stands twice the shorter time."""
        _maillage.write_times(
            path,
            self.from_codes,
            self.to_codes,
            np.ascontiguousarray(self.from_, dtype=np.int64),
            np.ascontiguousarray(self.to, dtype=np.int64),
            np.ascontiguousarray(self.minutes, dtype=np.float64),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The table ``from_id``, ``to_id``, ``minutes``."""
        return pd.DataFrame(
            {
                "from_id": pd.Categorical.from_codes(self.from_, self.from_codes),
                "to_id": pd.Categorical.from_codes(self.to, self.to_codes),
                "minutes": self.minutes,
            },
            copy=False,
        )

    def matrix(self) -> np.ndarray:
        """All pairs, ``nan`` where there is no time: a cost matrix for :mod:`maillage.location`."""
        out = np.full((len(self.from_codes), len(self.to_codes)), np.nan)
        out[self.from_, self.to] = self.minutes
        return out

    def __len__(self) -> int:
        return len(self.minutes)

    def __repr__(self) -> str:
        return f"<Times: {len(self)} pairs, {len(self.from_codes)} × {len(self.to_codes)} places>"


def travel(
    extract: str | os.PathLike[str],
    places: Places,
    *,
    to: Places = None,
    profile: str | os.PathLike[str] = "car",
    max_min: int = 60,
    far_m: int = 1_000,
    most_m: int = 10_000,
    prepared: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    output: str | os.PathLike[str] | None = None,
) -> Times:
    """Times by road between ``places`` (``id``, ``lat``, ``lon``, or a GeoDataFrame with ``id``), from an extract of
    OpenStreetMap (``.osm.pbf``); ``to`` are the places that one reaches, the same ones where it is absent.

    ``profile`` is ``car``, ``foot``, ``bicycle`` or a file; ``prepared`` a file where the prepared graph is kept; ``output`` a
    file to write too (CSV, ``.mtt``, ``.parquet``).
    """
    with tempfile.TemporaryDirectory(prefix="maillage-") as made:
        table = Path(made) / "times.mtt"
        args = (
            _place_file(places, made, "places"),
            _place_file(to, made, "to"),
            os.fspath(profile),
            max_min,
            far_m,
            most_m,
            prepared,
            threads,
        )
        said = _maillage.travel(extract, *args, table)
        return _finish(said, table, output)


def import_times(
    file: str | os.PathLike[str],
    engine: str,
    *,
    unit: str | None = None,
    places: Places = None,
    to: Places = None,
    columns: tuple[str, str, str] | None = None,
    max_min: int | None = None,
    output: str | os.PathLike[str] | None = None,
) -> Times:
    """Times of another engine: ``osrm``, ``valhalla``, ``metric``, ``r5`` or ``access``; what has no time is absent, never zero.

    ``unit`` is ``seconds``, ``minutes`` or ``hours`` where it is not the engine's; ``columns`` are those of both places and the
    time; a matrix needs its ``places``, in its order.
    """
    with tempfile.TemporaryDirectory(prefix="maillage-") as made:
        table = Path(made) / "times.mtt"
        from_, reached = _place_file(places, made, "places"), _place_file(to, made, "to")
        columns_ = list(columns) if columns else None
        said = _maillage.travel_import(file, engine, unit, from_, reached, columns_, max_min, table)
        return _finish(said, table, output)


def calibrate(table: Any, places: Places) -> dict[str, Any]:
    """Fits the speeds of the proxy on a table of times, and says how far off it is.

    ``places`` has ``id``, ``lat``, ``lon``, ``population``, ``area_km2``.
    """
    with tempfile.TemporaryDirectory(prefix="maillage-") as made:
        path = table
        if not isinstance(table, str | os.PathLike):
            path = Path(made) / "times.mtt"
            (table if isinstance(table, Times) else Times.of(table)).write(path)
        found, warnings = _maillage.calibrate(path, _place_file(places, made, "places"))
        warn(warnings)
        return json.loads(found)


def _finish(said: tuple, table: Path, output: str | os.PathLike[str] | None) -> Times:
    record, (fr, en), warnings = said
    warn(warnings)
    times = Times.load(table)
    times.record, times.text = json.loads(record), Text(fr, en)
    if output is not None:
        _write_like(times, Path(output), table)
    return times


def _write_like(times: Times, output: Path, table: Path) -> None:
    """The table where the user wants it, with what stands beside it."""
    import hashlib
    import shutil

    if output.suffix.lower() == ".mtt":
        shutil.copyfile(table, output)
    elif output.suffix.lower() == ".parquet":
        times.frame.astype({"from_id": str, "to_id": str}).to_parquet(output, index=False)
    else:
        times.frame.to_csv(output, index=False, float_format="%.2f", lineterminator="\n")
    record = _beside(table) | {"table": output.name, "sha256": hashlib.sha256(output.read_bytes()).hexdigest()}
    beside = output.with_name(output.name + ".json")
    beside.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _beside(table: Path) -> dict[str, Any]:
    path = table.with_name(table.name + ".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _codes(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Positions and codes: those of a categorical column as they stand."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), [str(c) for c in column.cat.categories]
    positions, codes = pd.factorize(column)
    return positions, [str(c) for c in codes]


def _place_file(places: Places, folder: str, name: str) -> Path | None:
    if places is None or isinstance(places, str | os.PathLike):
        return None if places is None else Path(places)
    table = frame(places)
    if is_geo(table):
        points = table.geometry.to_crs("EPSG:4326")
        table = pd.DataFrame(table.drop(columns=table.geometry.name)).assign(lon=points.x, lat=points.y)
    path = Path(folder) / f"{name}.csv"
    table.to_csv(path, index=False)
    return path
