"""Arrays of location problems: as users have them, as the engine takes them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .errors import Text


def matrix(costs: Any) -> np.ndarray:
    """Costs as an array of doubles, not copied if it is one."""
    costs = np.asarray(costs, dtype=np.float64)
    if costs.ndim != 2 or 0 in costs.shape:
        raise ValueError("cost_matrix: clients × sites")
    return costs


def vector(values: Any) -> np.ndarray:
    """Numbers as an array of doubles, not copied if it is one."""
    return np.asarray(values, dtype=np.float64).reshape(-1)


def predefined(flags: Any, sites: int) -> np.ndarray:
    """Positions of the sites that are open anyway."""
    if flags is None:
        return np.empty(0, dtype=np.int64)
    flags = np.asarray(flags)
    if flags.shape != (sites,) or not np.isin(flags, (0, 1)).all():
        raise ValueError(f"predefined_facilities_arr: {sites} × 0 | 1")
    return np.flatnonzero(flags)


def nearest(costs: np.ndarray) -> np.ndarray:
    """The least cost of each row; infinite where no pair can be used."""
    return np.min(np.where(np.isfinite(costs), costs, np.inf), axis=1, initial=np.inf)


def points(table: Any, column: str) -> np.ndarray:
    """Coordinates of a column of geometry; of what is no point, the centroid."""
    shapes = table.set_geometry(column).geometry
    if set(shapes.geom_type.unique()) != {"Point"}:
        text = Text("des centres tiennent lieu de points", "centroids stand in for points")
        warnings.warn(str(text), UserWarning, stacklevel=4)
        shapes = shapes.centroid
    return np.column_stack([shapes.x.to_numpy(), shapes.y.to_numpy()])


def distances(demand: np.ndarray, sites: np.ndarray, metric: str, *tables: Any) -> np.ndarray:
    """Distances between points; scipy is needed for any metric but ``euclidean``."""
    systems = [getattr(table, "crs", None) for table in tables]
    if len(systems) == 2 and systems[0] != systems[1]:
        raise ValueError(f"CRS: {systems[0]} / {systems[1]}")
    if metric != "euclidean":
        from scipy.spatial.distance import cdist

        return cdist(demand, sites, metric)
    squares = (demand[:, None, 0] - sites[None, :, 0]) ** 2
    squares += (demand[:, None, 1] - sites[None, :, 1]) ** 2
    return np.sqrt(squares, out=squares)


def between(
    gdf_demand: Any, gdf_fac: Any, demand_col: str, facility_col: str, flags: str | None, metric: str
) -> tuple[np.ndarray, np.ndarray | None]:
    """Distances between two GeoDataFrames, and the sites that are open anyway."""
    found = distances(points(gdf_demand, demand_col), points(gdf_fac, facility_col), metric, gdf_demand, gdf_fac)
    return found, None if flags is None else gdf_fac[flags].to_numpy()
