"""Territories: from DataFrames and GeoDataFrames to the folder that every scenario reads."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import _maillage
from .errors import MaillageError, Problem, Text, warn
from .files import Folder
from .tables import frame, is_geo
from .travel import Times

#: Whole numbers, which pandas turns into floats where a cell is empty.
_WHOLE = ("population", "core", "standard_population", "emergency")


class Territory:
    """A ``territory.json`` with the tables it names.

    ``Territory("scenarios/roannais")`` takes one that stands; :meth:`from_frames` makes one.
    """

    def __init__(self, path: str | os.PathLike[str], *, _folder: Folder | None = None) -> None:
        path = Path(path)
        #: ``territory.json``.
        self.path = path / "territory.json" if path.is_dir() else path
        self._folder = _folder

    @classmethod
    def from_frames(
        cls,
        places: Any,
        *,
        name: str,
        geography_year: int,
        folder: str | os.PathLike[str] | None = None,
        travel: Any = None,
        max_min: int = 45,
        supply: str | None = None,
        supply_source: str | Mapping[str, str] | None = None,
        contours: Any = None,
        structures: Any = None,
        columns: Mapping[str, str] | None = None,
        tables: Mapping[str, Any] | None = None,
        overwrite: bool = False,
        **sections: Any,
    ) -> Territory:
        """Writes a territory to ``folder``, or to a temporary one that goes with what is returned.

        ``places`` has the columns ``code_commune``, ``name``, ``population`` and whichever others the format knows (``lon``,
        ``lat``, ``area_km2``, ``core``, ``gps``, zones…); ``columns`` says under which names they stand. Codes are text. The
        points of a GeoDataFrame give ``lon`` and ``lat``, its polygons the contours and a point inside each, in any
        coordinate system; a table of polygons with codes may also come as ``contours``. With a column ``gps``, ``supply``
        (``counted`` or ``estimated``) and ``supply_source`` are needed.

        ``travel`` is a table ``from_id``, ``to_id``, ``minutes``, a :class:`Times`, or the section ``travel`` as the file has
        it; without it times are estimated from straight lines, as far as ``max_min``. ``tables`` are further tables by file
        name, for further ``sections`` of the file (``need``, ``professionals``, ``duty``, ``sources``…).

        Any table may be one of pandas or have the Arrow interface. Nothing is written over what stands in ``folder``, unless
        ``overwrite``. What is wrong with the content is told when the territory is read (:meth:`read`).
        """
        holder = Folder(folder)
        at = holder.path
        if not overwrite and at.is_dir() and any(at.iterdir()):
            raise MaillageError.one(
                "E108",
                Text("ce dossier n'est pas vide", "this folder is not empty"),
                Text("choisir un autre dossier, ou overwrite=True", "choose another folder, or overwrite=True"),
                file=str(at),
            )
        at.mkdir(parents=True, exist_ok=True)
        places, found = _placed(_renamed(places, columns))
        contours = found if contours is None else _contours(_renamed(contours, columns))
        spec: dict[str, Any] = {"schema_version": 1, "name": name, "geography_year": int(geography_year)}
        spec["places"] = {"file": "places.csv"}
        if supply is not None:
            spec["places"]["supply"] = supply
        if supply_source is not None:
            said = supply_source if isinstance(supply_source, Mapping) else {"fr": supply_source, "en": supply_source}
            spec["places"]["source"] = dict(said)
        _write_csv(places, at / "places.csv")
        if contours is not None:
            spec["contours"] = {"file": "contours.gpkg"}
            (at / "contours.gpkg").unlink(missing_ok=True)
            contours.to_file(at / "contours.gpkg", driver="GPKG", layer="contours")
        if structures is not None:
            spec["structures"] = {"file": "structures.csv"}
            _write_csv(frame(structures), at / "structures.csv")
        spec["travel"] = _travel(travel, max_min, at)
        for file, table in (tables or {}).items():
            _write_csv(frame(table), at / file)
        spec.update(sections)
        text = json.dumps(spec, ensure_ascii=False, indent=2)
        (at / "territory.json").write_text(text + "\n", encoding="utf-8")
        return cls(at / "territory.json", _folder=holder)

    def read(self) -> dict[str, Any]:
        """Reads the territory with all its tables as a scenario does: ``name``, ``places``, ``pairs`` with a time, ``warnings``.

        Raises :class:`MaillageError` with every problem.
        """
        name, places, pairs, warnings = _maillage.read_territory(self.path)
        return {"name": name, "places": places, "pairs": pairs, "warnings": self._warnings(warnings)}

    @staticmethod
    def _warnings(text: str) -> list[Problem]:
        return warn(text)

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __repr__(self) -> str:
        return f"<Territory {str(self.path)!r}>"


def _renamed(table: Any, columns: Mapping[str, str] | None) -> pd.DataFrame:
    table = frame(table)
    if not columns:
        return table
    return table.rename(columns={theirs: ours for ours, theirs in columns.items() if theirs in table.columns})


def _placed(places: pd.DataFrame) -> tuple[pd.DataFrame, Any]:
    """The table of places with coordinates, and contours where it has polygons."""
    if not is_geo(places):
        return places, None
    shapes, kinds = places.geometry, set(places.geom_type.dropna().unique())
    table = pd.DataFrame(places.drop(columns=shapes.name))
    polygons = kinds <= {"Polygon", "MultiPolygon"} and bool(kinds)
    if not {"lon", "lat"} <= set(table.columns):
        points = shapes.representative_point() if polygons else shapes.centroid if kinds != {"Point"} else shapes
        points = _wgs84(points)
        table = table.assign(lon=points.x.round(6), lat=points.y.round(6))
    return table, _contours(places) if polygons else None


def _contours(table: Any) -> Any:
    """Polygons with their codes, in WGS84."""
    code = next(c for c in ("code_commune", "code") if c in table.columns)
    shapes = table[[code, table.geometry.name]].rename(columns={code: "code_commune"})
    return _wgs84(shapes)


def _wgs84(shapes: Any) -> Any:
    if shapes.crs is None:
        raise MaillageError.one(
            "E307",
            Text("la géométrie n'a pas de système de coordonnées", "the geometry has no coordinate system"),
            Text("le dire : gdf.set_crs(...)", "say which: gdf.set_crs(...)"),
        )
    return shapes.to_crs("EPSG:4326")


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """Empty cells for what is unknown, whole numbers without a point, 1 and 0 for true and false."""
    changed = {}
    for column in table.columns:
        values = table[column]
        if pd.api.types.is_bool_dtype(values):
            changed[column] = values.astype("Int64")
        elif pd.api.types.is_float_dtype(values) and column in _WHOLE:
            known = values.to_numpy(dtype=float, na_value=np.nan)
            if np.all(np.isnan(known) | (known == np.floor(known))):
                changed[column] = values.astype("Int64")
    table.assign(**changed).to_csv(path, index=False, lineterminator="\n")


def _travel(travel: Any, max_min: int, at: Path) -> dict[str, Any]:
    if travel is None:
        return {"kind": "proxy", "max_min": int(max_min)}
    if isinstance(travel, Mapping):
        return dict(travel)
    section: dict[str, Any] = {"kind": "table", "file": "times.mtt", "max_min": int(max_min)}
    if isinstance(travel, Times):
        travel.write(at / "times.mtt")
        section.update(source=travel.credit, date=travel.date)
    else:
        table = frame(travel)
        Times.of(table).write(at / "times.mtt")
        section.update(source=str(table.attrs.get("source", "")), date=str(table.attrs.get("date", "")))
    return {key: value for key, value in section.items() if value not in (None, "")}
