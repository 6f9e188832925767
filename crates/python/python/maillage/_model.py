"""What the problems of :mod:`maillage.location` share: a search, its end in units of the caller, and the check of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import Text
from .files import limits
from .progress import Progress, watching
from .results import Verdict


class InfeasibleError(RuntimeError):
    """There is no plan: ``unreachable`` are the clients that no site can serve, where that is why."""

    def __init__(self, text: str, unreachable: Sequence[int] = ()) -> None:
        super().__init__(text, list(unreachable))
        self.unreachable = list(unreachable)

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Certificate:
    """Multipliers, one a client in parts of ``1 / scale``, and the bound that they prove: that of the relaxation, which
    branching may have raised. ``docs/certificates.md`` says how anyone counts it again."""

    problem: str
    scale: int
    multipliers: np.ndarray
    #: What they prove, in whole parts.
    bound_parts: int
    #: The same in units of the caller.
    bound: float


class _Value:
    """What a variable or an objective of PuLP answers."""

    def __init__(self, name: str, value: float | None) -> None:
        self.name = name
        self.varValue = value

    def value(self) -> float | None:
        """The value."""
        return self.varValue

    def __repr__(self) -> str:
        return self.name


@dataclass
class _Problem:
    """What scripts for spopt read of a problem of PuLP: ``objective.value()`` and ``status`` (1 with a plan)."""

    name: str
    objective: _Value
    status: int = 0


class Model:
    """What all problems share. Made by ``from_cost_matrix`` or ``from_geodataframe``."""

    #: Word of the engine.
    _kind = ""
    #: Whether a large objective is wanted.
    _large = False

    def __init__(self, name: str, costs: np.ndarray | None, engine: Any, p: int, fixed: np.ndarray, sites: int) -> None:
        #: The name of the problem.
        self.name = name
        #: As PuLP would have it.
        self.problem = _Problem(name, _Value("objective", None))
        self._costs, self._engine, self._p, self._fixed, self._sites = costs, engine, p, fixed, sites
        #: ``optimal``, ``within_rounding``, ``within_gap``, ``feasible``; before a solve ``not_solved``.
        self.status = "not_solved"
        #: What stopped the search: ``time``, ``interrupted``…
        self.limit: str | None = None
        #: Value of the plan, of the true costs.
        self.objective: float | None = None
        #: What no plan can beat.
        self.bound: float | None = None
        #: Whether no number was rounded.
        self.exact = True
        #: Multipliers that prove a bound, where the search needed some.
        self.certificate: Certificate | None = None
        #: Positions of the open sites.
        self.open: np.ndarray = np.empty(0, dtype=np.int64)
        #: Wall-clock seconds of the search.
        self.seconds: float | None = None
        #: Variables as PuLP would have them.
        self.fac_vars = [_Value(f"y[{j}]", None) for j in range(sites)]
        self._site: np.ndarray = np.empty(0, dtype=np.int64)

    def solve(
        self,
        solver: Any = None,
        results: bool = True,
        *,
        time_limit: float | None = None,
        gap: float | None = None,
        threads: int | None = None,
        seed: int | None = None,
        progress: Progress = None,
    ) -> Model:
        """Solves the problem and returns it. ``solver`` is accepted as spopt has it, and not used.

        Raises :class:`InfeasibleError` where there is no plan, ``RuntimeError`` where a limit came before any. Ctrl-C keeps
        the plan so far: ``limit`` is then ``interrupted``.
        """
        with watching(progress) as callback:
            solved = self._search(limits(time_limit, gap, threads, seed), callback)
        self._take(solved)
        if results:
            self.facility_client_array()
            self.client_facility_array()
            self._figures()
        return self

    def _search(self, bounds: dict[str, Any], callback: Any) -> Any:
        return self._engine.solve(self._kind, self._p, self._fixed.tolist(), bounds, callback)

    def _take(self, solved: Any) -> None:
        self.limit, self.seconds, self.exact = solved.limit, solved.seconds, solved.exact
        if solved.status == "infeasible":
            self.status, self.problem.status = "infeasible", -1
            raise _infeasible(solved)
        if solved.objective is None:
            self.status = "no_plan"
            raise RuntimeError(
                str(Text(f"aucun plan avant la limite ({self.limit})", f"no plan before the limit ({self.limit})"))
            )
        self.open, self._site = solved.open, solved.site
        for j in self.open:
            self.fac_vars[j].varValue = 1.0
        for variable in self.fac_vars:
            variable.varValue = variable.varValue or 0.0
        self._parts, self._slack = solved.parts, solved.slack
        self.objective = self._units(solved.objective) if self.exact else self._worth()
        self.bound = self._safe(solved.bound)
        self.status = solved.status
        if solved.status == "optimal" and not self.exact:
            self.status = "within_rounding"
        if solved.certificate is not None:
            scale, multipliers, bound = solved.certificate
            self.certificate = Certificate(self._kind, scale, multipliers, bound, self._safe(bound))
        self.problem.objective.varValue, self.problem.status = self.objective, 1

    def _units(self, parts: int) -> float:
        return parts / self._parts

    def _safe(self, parts: int) -> float:
        """A bound in units of the caller, on the safe side of what was rounded."""
        return max(parts - self._slack, 0) / self._parts

    def _worth(self) -> float | None:
        """The objective of the open sites, from the costs that were given, without the engine; ``None`` for no plan."""
        raise NotImplementedError

    @property
    def gap(self) -> float | None:
        """Relative gap between objective and bound."""
        if self.objective is None or self.bound is None:
            return None
        return abs(self.objective - self.bound) / self.objective if self.objective else abs(self.bound)

    def check(self) -> Verdict:
        """Counts again, without a solver: sites, objective from the costs as given, and the bound that the certificate proves.

        ``report`` says under ``proven`` whether the certificate alone proves the bound; where branching raised it, it does not.
        """
        wrong: list[str] = []
        worth = self._worth()
        if worth is None or not math.isclose(worth, self.objective, rel_tol=1e-12, abs_tol=1e-9):
            wrong.append(f"objective {self.objective}, counted {worth}")
        if not set(self._fixed.tolist()) <= set(self.open.tolist()):
            wrong.append(f"predefined {self._fixed.tolist()}, open {self.open.tolist()}")
        wrong += self._wrong_sites()
        better = self.bound < self.objective if self._large else self.bound > self.objective
        if better and not math.isclose(self.bound, self.objective, rel_tol=1e-12):
            wrong.append(f"objective {self.objective} beats bound {self.bound}")
        counted = None
        if self.certificate is not None:
            counted = self._recount(self.certificate)
            if counted != self.certificate.bound_parts:
                wrong.append(f"certificate claims {self.certificate.bound_parts}, counted {counted}")
        proven = counted is not None and self._safe(counted) == self.bound
        text = _said(self, wrong, proven)
        return Verdict(self.name, not wrong, {"violations": wrong, "proven": proven}, text)

    def _recount(self, certificate: Certificate) -> int | None:
        values = (certificate.scale, certificate.multipliers.tolist(), certificate.bound_parts)
        return self._engine.recount(self._kind, self._p, self._fixed.tolist(), values)

    def _wrong_sites(self) -> list[str]:
        return [] if len(self.open) <= self._p else [f"{len(self.open)} open, p = {self._p}"]

    def facility_client_array(self) -> None:
        """Sets ``fac2cli``: for each site the clients it serves."""
        self.fac2cli: list[list[int]] = [[] for _ in range(self._sites)]
        for client, site in enumerate(self._site.tolist()):
            if site >= 0:
                self.fac2cli[site].append(client)

    def client_facility_array(self) -> None:
        """Sets ``cli2fac``: for each client the sites that serve it."""
        self.cli2fac: list[list[int]] = [[] for _ in range(self._clients())]
        for site, clients in enumerate(self.fac2cli):
            for client in clients:
                self.cli2fac[client].append(site)

    def _clients(self) -> int:
        return len(self._costs)

    def check_status(self) -> None:
        """Raises ``RuntimeError`` unless there is a plan."""
        if self.problem.status != 1:
            raise RuntimeError(f"Model is not solved: {self.status}")

    def _figures(self) -> None:
        pass

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}: {self.status}, objective {self.objective}, bound {self.bound}>"


def _infeasible(solved: Any) -> InfeasibleError:
    lost = solved.unreachable.tolist()
    if lost:
        some = ", ".join(map(str, lost[:5])) + (", …" if len(lost) > 5 else "")
        text = Text(
            f"clients qu'aucun site ne peut servir ({len(lost)}) : {some}",
            f"clients that no site can serve ({len(lost)}): {some}",
        )
    else:
        p = "" if solved.not_with is None else f" ({solved.not_with})"
        text = Text(f"ces sites ne peuvent pas servir tous les clients{p}", f"these sites cannot serve every client{p}")
    return InfeasibleError(str(text), lost)


def _said(model: Model, wrong: list[str], proven: bool) -> str:
    if wrong:
        return str(Text("violations :", "violations:")) + "\n  " + "\n  ".join(wrong)
    told = Text(
        "le plan vaut ce qu'il dit ; "
        + ("le certificat prouve la borne" if proven else "la borne n'est pas prouvée par le certificat seul"),
        "the plan is worth what it says; "
        + ("the certificate proves the bound" if proven else "the certificate alone does not prove the bound"),
    )
    return f"{model.name}: {told}"
