"""Covering problems of :mod:`maillage.location`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import _maillage
from ._arrays import between, matrix, vector
from ._arrays import predefined as positions
from ._model import Model
from .errors import Text


class _Cover(Model):
    """What covering problems share: who is within the radius."""

    def __init__(self, *args: Any, aij: np.ndarray, weights: np.ndarray) -> None:
        super().__init__(*args)
        #: 1 where a site covers a client.
        self.aij = aij
        self._weights = weights

    @classmethod
    def _near(cls, cost_matrix: np.ndarray, weights: np.ndarray | None, radius: float, predefined: Any) -> tuple:
        costs = matrix(cost_matrix)
        weights = np.ones(len(costs)) if weights is None else vector(weights)
        # A client at exactly the radius is covered; nan never is.
        with np.errstate(invalid="ignore"):
            aij = (costs <= radius).astype(np.int8)
        engine = _maillage.Costs.within(costs, weights, float(radius))
        return costs, weights, aij, engine, positions(predefined, costs.shape[1])

    def _times(self) -> np.ndarray:
        """How many open sites cover each client."""
        return self.aij[:, self.open].sum(axis=1, dtype=np.int64)

    def facility_client_array(self) -> None:
        """Sets ``fac2cli``: for each open site every client within the radius."""
        is_open = set(self.open.tolist())
        self.fac2cli = [np.flatnonzero(self.aij[:, j]).tolist() if j in is_open else [] for j in range(self._sites)]

    def uncovered_clients(self) -> None:
        """Sets ``n_cli_uncov``: how many clients no open site covers."""
        self.n_cli_uncov = int((self._times() == 0).sum())


class LSCP(_Cover):
    """Fewest sites such that every client is within the radius; with demands and capacities, clients may be shared among
    sites (``shares``: client, site, how much)."""

    _kind = "set-cover"

    def __init__(self, *args: Any, amounts: tuple[np.ndarray, np.ndarray] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._amounts = amounts
        #: With capacities: client, site, and how much of its demand.
        self.shares: list[tuple[int, int, float]] = []

    @classmethod
    def from_cost_matrix(
        cls,
        cost_matrix: np.ndarray,
        service_radius: float,
        predefined_facilities_arr: np.ndarray | None = None,
        demand_quantity_arr: np.ndarray | None = None,
        facility_capacity_arr: np.ndarray | None = None,
        name: str = "lscp",
    ) -> LSCP:
        """From a matrix of costs, one row a client, one column a site."""
        costs, weights, aij, engine, fixed = cls._near(cost_matrix, None, service_radius, predefined_facilities_arr)
        if (demand_quantity_arr is None) != (facility_capacity_arr is None):
            raise ValueError("demand_quantity_arr + facility_capacity_arr")
        amounts = None
        if demand_quantity_arr is not None:
            amounts = vector(demand_quantity_arr), vector(facility_capacity_arr)
        sites = costs.shape[1]
        return cls(name, costs, engine, sites, fixed, sites, aij=aij, weights=weights, amounts=amounts)

    @classmethod
    def from_geodataframe(
        cls,
        gdf_demand: Any,
        gdf_fac: Any,
        demand_col: str,
        facility_col: str,
        service_radius: float,
        predefined_facility_col: str | None = None,
        demand_quantity_col: str | None = None,
        facility_capacity_col: str | None = None,
        distance_metric: str = "euclidean",
        name: str = "lscp",
    ) -> LSCP:
        """From GeoDataFrames, in the units of their coordinates."""
        costs, predefined = between(gdf_demand, gdf_fac, demand_col, facility_col, predefined_facility_col, distance_metric)
        demand = None if demand_quantity_col is None else gdf_demand[demand_quantity_col].to_numpy()
        capacity = None if facility_capacity_col is None else gdf_fac[facility_capacity_col].to_numpy()
        return cls.from_cost_matrix(costs, service_radius, predefined, demand, capacity, name)

    def _search(self, bounds: dict[str, Any], callback: Any) -> Any:
        if self._amounts is None:
            return super()._search(bounds, callback)
        solved = self._engine.hold(*self._amounts, self._fixed.tolist(), bounds, callback)
        self.shares = solved.shares
        return solved

    def _worth(self) -> float | None:
        return float(len(self.open)) if self._times().all() else None

    def _wrong_sites(self) -> list[str]:
        if self._amounts is None:
            return []
        demand, capacity = self._amounts
        given, held = np.zeros(len(demand)), np.zeros(len(capacity))
        is_open, wrong = set(self.open.tolist()), []
        for client, site, amount in self.shares:
            given[client] += amount
            held[site] += amount
            if site not in is_open or not self.aij[client, site]:
                wrong.append(f"client {client} at site {site}")
        if not np.allclose(given, demand) or (held > capacity * (1 + 1e-12)).any():
            wrong.append("demands or capacities")
        return wrong

    def facility_client_array(self) -> None:
        """Sets ``fac2cli``: for each open site every client within the radius; with capacities, those it serves."""
        if self._amounts is None:
            return super().facility_client_array()
        self.fac2cli = [[] for _ in range(self._sites)]
        for client, site, _ in self.shares:
            self.fac2cli[site].append(client)
        return None


class LSCPB(_Cover):
    """As few sites as :class:`LSCP` needs, as many clients as possible within the radius of two. Sets ``backup_perc``."""

    _kind = "backup-cover"
    _large = True

    @classmethod
    def from_cost_matrix(
        cls,
        cost_matrix: np.ndarray,
        service_radius: float,
        solver: Any = None,
        predefined_facilities_arr: np.ndarray | None = None,
        name: str = "lscp-b",
    ) -> LSCPB:
        """From a matrix of costs, one row a client, one column a site. ``solver`` is accepted as spopt has it, and not used."""
        costs, weights, aij, engine, fixed = cls._near(cost_matrix, None, service_radius, predefined_facilities_arr)
        return cls(name, costs, engine, 0, fixed, costs.shape[1], aij=aij, weights=weights)

    @classmethod
    def from_geodataframe(
        cls,
        gdf_demand: Any,
        gdf_fac: Any,
        demand_col: str,
        facility_col: str,
        service_radius: float,
        solver: Any = None,
        predefined_facility_col: str | None = None,
        distance_metric: str = "euclidean",
        name: str = "lscp-b",
    ) -> LSCPB:
        """From GeoDataFrames, in the units of their coordinates."""
        costs, predefined = between(gdf_demand, gdf_fac, demand_col, facility_col, predefined_facility_col, distance_metric)
        return cls.from_cost_matrix(costs, service_radius, solver, predefined, name)

    def solve(self, results: bool = True, **bounds: Any) -> LSCPB:  # type: ignore[override]
        """Solves the problem and returns it: first the number of sites, then the backup."""
        return super().solve(None, results, **bounds)

    def _search(self, bounds: dict[str, Any], callback: Any) -> Any:
        fewest = self._engine.solve("set-cover", 0, self._fixed.tolist(), bounds, callback)
        if fewest.status == "infeasible" or fewest.objective is None:
            return fewest
        if fewest.objective != fewest.bound:
            text = Text("le nombre de sites n'est pas prouvé à temps", "the number of sites is not proven in time")
            raise RuntimeError(str(text))
        #: The number of sites.
        self.lscp_obj_value = float(fewest.objective)
        self._p = int(fewest.objective)
        return super()._search(bounds, callback)

    def _worth(self) -> float | None:
        times = self._times()
        return float((times >= 2).sum()) if times.all() else None

    def get_percentage(self) -> None:
        """Sets ``backup_perc``: clients within the radius of two sites, in percent."""
        self.backup_perc = self.objective / len(self.aij) * 100.0

    _figures = get_percentage


class MCLP(_Cover):
    """At most ``p_facilities`` sites, most weight within the radius. Sets ``n_cli_uncov`` and ``perc_cov``, which counts
    clients, as spopt does: for the weight covered see ``objective``."""

    _kind = "max-cover"
    _large = True

    @classmethod
    def from_cost_matrix(
        cls,
        cost_matrix: np.ndarray,
        weights: np.ndarray,
        service_radius: float,
        p_facilities: int,
        predefined_facilities_arr: np.ndarray | None = None,
        name: str = "mclp",
    ) -> MCLP:
        """From a matrix of costs, one row a client, one column a site."""
        costs, weights, aij, engine, fixed = cls._near(cost_matrix, weights, service_radius, predefined_facilities_arr)
        return cls(name, costs, engine, int(p_facilities), fixed, costs.shape[1], aij=aij, weights=weights)

    @classmethod
    def from_geodataframe(
        cls,
        gdf_demand: Any,
        gdf_fac: Any,
        demand_col: str,
        facility_col: str,
        weights_cols: str,
        service_radius: float,
        p_facilities: int,
        predefined_facility_col: str | None = None,
        distance_metric: str = "euclidean",
        name: str = "mclp",
    ) -> MCLP:
        """From GeoDataFrames, in the units of their coordinates."""
        costs, predefined = between(gdf_demand, gdf_fac, demand_col, facility_col, predefined_facility_col, distance_metric)
        weights = gdf_demand[weights_cols].to_numpy()
        return cls.from_cost_matrix(costs, weights, service_radius, p_facilities, predefined, name)

    def _safe(self, parts: int) -> float:
        # Rounded weights are below the true ones, each by less than a part.
        return (parts + (0 if self.exact else len(self._weights))) / self._parts

    def _worth(self) -> float | None:
        return math.fsum(self._weights[self._times() > 0])

    def get_percentage(self) -> None:
        """Sets ``perc_cov``: clients covered, in percent."""
        self.uncovered_clients()
        self.perc_cov = (1 - self.n_cli_uncov / len(self.aij)) * 100.0

    _figures = get_percentage
