"""What the engine gives: paths, JSON and arrays. The package makes objects and tables of it; its names are the ones to use."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Path = str | PathLike[str]
_Limits = dict[str, Any]
_Callback = Callable[[dict[str, Any]], object] | None
_UnitPaths = tuple[str, _Path, _Path]
_TravelSaid = tuple[str, tuple[str, str], str]

def version() -> str: ...
def solver() -> str: ...
def schema(kind: str) -> str | None: ...
def solve(scenario: _Path, output: _Path, limits: _Limits, language: str, progress: _Callback) -> tuple[str, str]: ...
def check(result: _Path, scenario: _Path | None, language: str) -> tuple[str, bool, str, str]: ...
def validate(file: _Path) -> str: ...
def read_territory(file: _Path) -> tuple[str, int, int, str]: ...
def access(territory: _Path, settings: _Path | None, against: _Path | None, output: _Path, language: str) -> tuple[str, str]: ...
def explain(
    scenario: _Path,
    sites: list[str],
    prices: bool,
    step_eur: int,
    result: _Path | None,
    output: _Path | None,
    limits: _Limits,
    language: str,
    progress: _Callback,
) -> tuple[str, str, str]: ...
def frontier(
    scenario: _Path,
    vary: str,
    values: str,
    output: _Path | None,
    limits: _Limits,
    language: str,
    progress: _Callback,
) -> str: ...
def alternatives(
    scenario: _Path,
    output: _Path,
    plans: int,
    apart: int,
    within_percent: float,
    limits: _Limits,
    language: str,
    progress: _Callback,
) -> tuple[str, str]: ...
def report(folder: _Path, exports: list[str], scenario: _Path | None, language: str) -> list[_Path]: ...
def suite_prepare(suite: _Path, folder: _Path) -> list[str]: ...
def suite_run(
    paths: Sequence[_UnitPaths],
    jobs: int | None,
    memory_mb: int | None,
    resume: bool,
    limits: _Limits,
    language: str,
    progress: _Callback,
) -> list[str]: ...
def suite_compare(
    paths: Sequence[_UnitPaths],
    failed: dict[str, str],
    folder: _Path,
    title: str,
    regret: bool,
    limits: _Limits,
    language: str,
) -> tuple[str, list[str]]: ...
def unit_run(of: str, path: _UnitPaths, alone: bool, resume: bool, limits: _Limits, language: str) -> str: ...
def units_kept(paths: Sequence[_UnitPaths], limits: _Limits, language: str) -> list[str | None]: ...
def unit_receive(folder: _Path, files: list[tuple[str, str]]) -> None: ...
def unit_files(paths: Sequence[_UnitPaths]) -> list[tuple[list[str], str | None]]: ...
def travel(
    extract: _Path,
    places: _Path,
    to: _Path | None,
    profile: str,
    max_min: int,
    far_m: int,
    most_m: int,
    prepared: _Path | None,
    threads: int | None,
    output: _Path,
) -> _TravelSaid: ...
def travel_import(
    file: _Path,
    engine: str,
    unit: str | None,
    places: _Path | None,
    to: _Path | None,
    columns: list[str] | None,
    max_min: int | None,
    output: _Path,
) -> _TravelSaid: ...
def calibrate(table: _Path, places: _Path) -> tuple[str, str]: ...
def locate(instance: _Path, asked: dict[str, Any], output: _Path | None, limits: _Limits, progress: _Callback) -> str: ...
def write_times(
    file: _Path,
    from_codes: list[str],
    to_codes: list[str],
    from_: NDArray[np.int64],
    to: NDArray[np.int64],
    minutes: NDArray[np.float64],
) -> None: ...
def read_times(
    file: _Path,
) -> tuple[list[str], list[str], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]: ...

class Costs:
    @staticmethod
    def weighted(costs: NDArray[np.float64], weights: NDArray[np.float64], precision: float | None) -> Costs: ...
    @staticmethod
    def ranked(costs: NDArray[np.float64], values: NDArray[np.float64]) -> Costs: ...
    @staticmethod
    def within(costs: NDArray[np.float64], weights: NDArray[np.float64], radius: float) -> Costs: ...
    def solve(self, problem: str, p: int, fixed: list[int], limits: _Limits, progress: _Callback) -> Solved: ...
    def recount(self, problem: str, p: int, fixed: list[int], certificate: tuple[int, list[int], int]) -> int | None: ...
    def hold(
        self,
        demand: NDArray[np.float64],
        capacity: NDArray[np.float64],
        fixed: list[int],
        limits: _Limits,
        progress: _Callback,
    ) -> Solved: ...

class Plane:
    def __new__(
        cls,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        weights: NDArray[np.float64],
        precision: float | None,
    ) -> Plane: ...
    def p_median(self, p: int, limits: _Limits, progress: _Callback) -> Solved: ...
    def recount(self, p: int, scale: int, values: list[int]) -> int | None: ...

class Solved:
    status: str
    limit: str | None
    objective: int | None
    bound: int | None
    parts: float
    exact: bool
    slack: int
    seconds: float
    not_with: int | None
    certified: bool
    open: NDArray[np.int64]
    site: NDArray[np.int64]
    unreachable: NDArray[np.int64]
    shares: list[tuple[int, int, float]]
    certificate: tuple[int, NDArray[np.uint64], int] | None
