"""Plain location problems on arrays, by the classes, names and arguments of PySAL's ``spopt.locate``: :class:`PMedian`,
:class:`PCenter`, :class:`LSCP`, :class:`LSCPB`, :class:`MCLP`. What comes besides: a bound, a certificate that anyone can count
again without a solver, and limits after which there is a plan nevertheless.

>>> import numpy as np
>>> from maillage.location import PMedian
>>> costs = np.array([[0.0, 5.0, 10.0], [5.0, 0.0, 5.0], [10.0, 5.0, 0.0]])
>>> model = PMedian.from_cost_matrix(costs, np.array([100, 100, 900]), p_facilities=1).solve()
>>> model.status, model.objective, model.bound, model.fac2cli
('optimal', 1500.0, 1500.0, [[], [], [0, 1, 2]])

How numbers are counted. The engine counts in integers. Costs and weights that are decimals (to nine digits after the point) stay
as they are, and ``exact`` is true. Other costs (distances, say) are rounded down to whole parts of ``precision``, by default the
finest power of ten with which all totals stay below 2^53: ``exact`` is then false, the objective is that of the true costs, the
bound is below what any plan truly costs, and the status of a search that ended is ``within_rounding``: no plan is better by more
than ``objective - bound``. Coverings and centers only compare costs, and are always exact. A cost that is ``nan`` or infinite is
a pair that cannot be used.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import _maillage
from ._arrays import between, distances, matrix, nearest, points, vector
from ._arrays import predefined as positions
from ._covering import LSCP, LSCPB, MCLP
from ._model import Certificate, InfeasibleError, Model
from .errors import Text

__all__ = ["LSCP", "LSCPB", "MCLP", "Certificate", "InfeasibleError", "PCenter", "PMedian"]


class PMedian(Model):
    """Exactly ``p_facilities`` sites, least weighted cost. Sets ``mean_dist`` too.

    Not in maillage: facility capacities with a number of sites.
    """

    _kind = "p-median"

    def __init__(self, *args: Any, weights: np.ndarray, places: tuple[np.ndarray, np.ndarray] | None = None) -> None:
        super().__init__(*args)
        self._weights, self._places = weights, places
        #: The total of weights.
        self.ai_sum = weights.sum()

    @classmethod
    def from_cost_matrix(
        cls,
        cost_matrix: np.ndarray,
        weights: np.ndarray,
        p_facilities: int,
        predefined_facilities_arr: np.ndarray | None = None,
        facility_capacities: np.ndarray | None = None,
        fulfill_predefined_fac: bool = False,
        name: str = "p-median",
        *,
        precision: float | None = None,
    ) -> PMedian:
        """From a matrix of costs, one row a client, one column a site; ``precision``: see the module."""
        if facility_capacities is not None or fulfill_predefined_fac:
            raise NotImplementedError(
                str(
                    Text(
                        "capacités avec un nombre de sites : voir maillage.locate(…, 'capacitated')",
                        "capacities with a number of sites: see maillage.locate(…, 'capacitated')",
                    )
                )
            )
        costs, weights = matrix(cost_matrix), vector(weights)
        fixed = positions(predefined_facilities_arr, costs.shape[1])
        engine = _maillage.Costs.weighted(costs, weights, precision)
        return cls(name, costs, engine, int(p_facilities), fixed, costs.shape[1], weights=weights)

    @classmethod
    def from_points(
        cls,
        x: np.ndarray,
        y: np.ndarray,
        weights: np.ndarray,
        p_facilities: int,
        name: str = "p-median",
        *,
        precision: float | None = None,
    ) -> PMedian:
        """From points of a plane that are all clients and sites: no matrix is made, so that tens of thousands are no matter.
        Distances are rounded down to whole parts of ``precision``."""
        x, y, weights = vector(x), vector(y), vector(weights)
        engine = _maillage.Plane(x, y, weights, precision)
        none = np.empty(0, dtype=np.int64)
        return cls(name, None, engine, int(p_facilities), none, len(x), weights=weights, places=(x, y))

    @classmethod
    def from_geodataframe(
        cls,
        gdf_demand: Any,
        gdf_fac: Any,
        demand_col: str,
        facility_col: str,
        weights_cols: str,
        p_facilities: int,
        facility_capacity_col: str | None = None,
        predefined_facility_col: str | None = None,
        fulfill_predefined_fac: bool = False,
        distance_metric: str = "euclidean",
        name: str = "p-median",
        *,
        precision: float | None = None,
    ) -> PMedian:
        """From GeoDataFrames, in the units of their coordinates. Where demand and sites are
        the same points, no matrix is made."""
        weights = gdf_demand[weights_cols].to_numpy()
        capacities = None if facility_capacity_col is None else gdf_fac[facility_capacity_col].to_numpy()
        predefined = None if predefined_facility_col is None else gdf_fac[predefined_facility_col].to_numpy()
        demand, sites = points(gdf_demand, demand_col), points(gdf_fac, facility_col)
        same = demand.shape == sites.shape and np.array_equal(demand, sites)
        plain = capacities is None and predefined is None and not fulfill_predefined_fac
        if same and plain and distance_metric == "euclidean":
            return cls.from_points(demand[:, 0], demand[:, 1], weights, p_facilities, name, precision=precision)
        costs = distances(demand, sites, distance_metric, gdf_demand, gdf_fac)
        return cls.from_cost_matrix(
            costs, weights, p_facilities, predefined, capacities, fulfill_predefined_fac, name, precision=precision
        )

    @property
    def aij(self) -> np.ndarray:
        """Weights times costs, as spopt has them."""
        return self._weights[:, None] * self._all_costs()

    def _all_costs(self) -> np.ndarray:
        if self._costs is not None:
            return self._costs
        x, y = self._places
        return np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])

    def _search(self, bounds: dict[str, Any], callback: Any) -> Any:
        if self._places is not None:
            return self._engine.p_median(self._p, bounds, callback)
        return super()._search(bounds, callback)

    def _recount(self, certificate: Certificate) -> int | None:
        if self._places is not None:
            return self._engine.recount(self._p, certificate.scale, certificate.multipliers.tolist())
        return super()._recount(certificate)

    def _worth(self) -> float | None:
        if self._places is None:
            least = nearest(self._costs[:, self.open])
        else:
            x, y = self._places
            least = np.full(len(x), np.inf)
            for j in self.open:
                np.minimum(least, np.hypot(x - x[j], y - y[j]), out=least)
        return None if not np.isfinite(least).all() else math.fsum(self._weights * least)

    def _wrong_sites(self) -> list[str]:
        return [] if len(self.open) == self._p else [f"{len(self.open)} open, p = {self._p}"]

    def _clients(self) -> int:
        return len(self._weights)

    def get_mean_distance(self) -> None:
        """Sets ``mean_dist``: weighted cost over weights."""
        self.mean_dist = self.objective / self.ai_sum if self.ai_sum else 0.0

    _figures = get_mean_distance


class PCenter(Model):
    """At most ``p_facilities`` sites, least largest cost. Costs are only compared, so that nothing is rounded."""

    _kind = "p-center"

    def __init__(self, *args: Any, values: np.ndarray) -> None:
        super().__init__(*args)
        self._values = values
        #: The costs.
        self.aij = self._costs

    @classmethod
    def from_cost_matrix(
        cls,
        cost_matrix: np.ndarray,
        p_facilities: int,
        predefined_facilities_arr: np.ndarray | None = None,
        name: str = "p-center",
    ) -> PCenter:
        """From a matrix of costs, one row a client, one column a site."""
        costs = matrix(cost_matrix)
        values = np.unique(costs[np.isfinite(costs)])
        fixed = positions(predefined_facilities_arr, costs.shape[1])
        engine = _maillage.Costs.ranked(costs, values)
        return cls(name, costs, engine, int(p_facilities), fixed, costs.shape[1], values=values)

    @classmethod
    def from_geodataframe(
        cls,
        gdf_demand: Any,
        gdf_fac: Any,
        demand_col: str,
        facility_col: str,
        p_facilities: int,
        predefined_facility_col: str | None = None,
        distance_metric: str = "euclidean",
        name: str = "p-center",
    ) -> PCenter:
        """From GeoDataFrames, in the units of their coordinates."""
        costs, predefined = between(gdf_demand, gdf_fac, demand_col, facility_col, predefined_facility_col, distance_metric)
        return cls.from_cost_matrix(costs, p_facilities, predefined, name)

    def _units(self, parts: int) -> float:
        return float(self._values[parts])

    def _safe(self, parts: int) -> float:
        return float(self._values[min(parts, len(self._values) - 1)])

    def _worth(self) -> float | None:
        least = nearest(self._costs[:, self.open])
        return float(least.max()) if np.isfinite(least).all() else None
