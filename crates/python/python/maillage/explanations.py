"""Why a plan is as it is; what each limit buys; other plans nearly as good."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import _maillage
from .errors import get_language, warn
from .files import Folder, Spec, limits, spec_file
from .progress import Progress, watching
from .results import Result

if TYPE_CHECKING:
    from .territory import Territory


class Explanation:
    """What is lost without a site, what each rule costs, or why there is no plan; each figure found by solving."""

    def __init__(self, record: dict[str, Any], text: str) -> None:
        #: Everything that was found.
        self.record = record
        #: The same for people.
        self.text = text

    @property
    def status(self) -> str:
        """How good the plan is that is explained."""
        return self.record["status"]

    @cached_property
    def sites(self) -> pd.DataFrame:
        """The decisions of the plan."""
        return pd.DataFrame(self.record["sites"])

    @cached_property
    def explained(self) -> pd.DataFrame:
        """One row a site that was asked about."""
        return pd.json_normalize(self.record["explained"])

    @cached_property
    def prices(self) -> pd.DataFrame:
        """One row a rule: what it costs, and what a little more is worth."""
        return pd.json_normalize(self.record["prices"])

    @property
    def infeasible(self) -> dict[str, Any] | None:
        """The rules that clash and the smallest changes that help, where there is no plan."""
        return self.record["infeasible"]

    def __str__(self) -> str:
        return self.text


def explain(
    scenario: Spec,
    *,
    sites: Iterable[str] | str = (),
    prices: bool = False,
    step_eur: int = 100_000,
    result: Result | str | os.PathLike[str] | None = None,
    territory: Territory | str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Explanation:
    """Explains the plan of a scenario, or why it has none: what each of ``sites`` is worth or would cost and, with ``prices``,
    what each rule costs. ``result`` is a result of the scenario, which is then not solved again."""
    folder = Folder(None)
    file = spec_file(scenario, folder, territory)
    stored = result.folder if isinstance(result, Result) else result
    asked = [sites] if isinstance(sites, str) else list(sites)
    with watching(progress) as callback:
        record, text, warnings = _maillage.explain(
            file, asked, prices, step_eur, stored, output, limits(time_limit, gap, threads, seed), get_language(), callback
        )
    warn(warnings)
    return Explanation(json.loads(record), text)


class Frontier:
    """One scenario under many values of one limit."""

    def __init__(self, record: dict[str, Any]) -> None:
        #: Everything that was found.
        self.record = record

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a value: objective, bound, status, what it buys."""
        return pd.json_normalize(self.record["points"])


def frontier(
    scenario: Spec,
    *,
    budget: Sequence[int] | None = None,
    posts: Sequence[int] | None = None,
    pointer: str | None = None,
    values: Sequence[Any] | None = None,
    territory: Territory | str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Frontier:
    """Solves a scenario under every budget (euros), every number of posts, or every one of ``values`` where ``pointer`` leads,
    bounds shared by all. ``output`` is a folder for its tables and its page."""
    asked = [("budget", budget), ("posts", posts), (pointer or "", values if pointer else None)]
    given = [(key, list(list_)) for key, list_ in asked if list_ is not None]
    if len(given) != 1:
        raise TypeError("one of budget=, posts=, or pointer= with values=")
    vary, numbers = given[0]
    if vary in ("budget", "posts"):
        numbers = [int(n) for n in numbers]
    folder = Folder(None)
    file = spec_file(scenario, folder, territory)
    with watching(progress) as callback:
        record = _maillage.frontier(
            file, vary, json.dumps(numbers), output, limits(time_limit, gap, threads, seed), get_language(), callback
        )
    return Frontier(json.loads(record))


def alternatives(
    scenario: Spec,
    output: str | os.PathLike[str],
    *,
    plans: int = 3,
    apart: int = 2,
    within_percent: float = 5.0,
    territory: Territory | str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> list[Result]:
    """The best plans of a siting scenario that differ by ``apart`` sites at least and lose ``within_percent`` at most, each
    into a folder of ``output``; the best first."""
    folder = Folder(output)
    file = spec_file(scenario, folder, territory)
    with watching(progress) as callback:
        record, warnings = _maillage.alternatives(
            file,
            folder.path,
            plans,
            apart,
            within_percent,
            limits(time_limit, gap, threads, seed),
            get_language(),
            callback,
        )
    warn(warnings)
    return [Result(Path(output) / plan["plan"]) for plan in json.loads(record)["plans"]]
