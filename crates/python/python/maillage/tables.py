"""Tables that results hold, as DataFrames; tables that users hold, as pandas."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import geopandas

#: Columns that are text whatever they look like: codes keep their zeros.
_TEXT = {
    "territory", "scenario", "zone", "limit", "name", "code_commune", "code_epci", "canton", "living_area", "department",
    "region", "profession", "set", "class", "site", "of",
}  # fmt: skip


def read_csv(path: str | os.PathLike[str]) -> pd.DataFrame:
    """A table that maillage wrote; empty cells are unknown."""
    columns = pd.read_csv(path, nrows=0).columns
    text = {c: str for c in columns if c in _TEXT or c.endswith("_id")}
    return pd.read_csv(path, dtype=text)


def frame(table: Any) -> pd.DataFrame:
    """A DataFrame of pandas; any other table by the Arrow interface (pyarrow, polars), whose columns are not copied where
    pandas can hold them as they are."""
    if isinstance(table, pd.DataFrame):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        if hasattr(pd.DataFrame, "from_arrow"):
            return pd.DataFrame.from_arrow(table)
        import pyarrow

        return pyarrow.table(table).to_pandas()
    return pd.DataFrame(table)


def is_geo(table: Any) -> bool:
    """Whether a table is a GeoDataFrame, without importing geopandas for it."""
    return hasattr(table, "to_crs") and hasattr(table, "geometry")


def need_geopandas() -> Any:
    """geopandas, or what to do about its absence."""
    try:
        import geopandas
    except ImportError as e:
        raise ImportError(
            "geopandas manque : pip install 'maillage[geo]' · geopandas is missing: pip install 'maillage[geo]'"
        ) from e
    return geopandas


def read_geo(path: Path) -> geopandas.GeoDataFrame:
    """A GeoJSON file that maillage wrote."""
    import json

    geopandas = need_geopandas()
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
