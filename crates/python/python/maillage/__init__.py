"""Where should the next health centres go, who should staff them, and who pays?

The engine of the command ``maillage`` for notebooks: the same scenarios, results and checks, as DataFrames.

>>> import maillage
>>> result = maillage.solve("scenarios/roannais/three-sites.json")  # doctest: +SKIP
>>> result.status, result.objective, result.sites  # doctest: +SKIP

Plain location problems on arrays, by the names of PySAL's spopt, are in :mod:`maillage.location`.
"""

from . import location
from ._maillage import solver, version
from .access import Access, access
from .errors import (
    InternalError,
    MaillageError,
    MaillageWarning,
    Problem,
    Text,
    get_language,
    set_language,
)
from .explanations import Explanation, Frontier, alternatives, explain, frontier
from .locating import Located, locate
from .results import Result, Verdict, check, report
from .scenarios import schema, solve, validate
from .suites import Ended, Suite, Unit, collect, prepare, run_units, suite
from .territory import Territory
from .travel import Times, calibrate, import_times, travel

__version__ = version()

__all__ = [
    "Access",
    "Ended",
    "Explanation",
    "Frontier",
    "InternalError",
    "Located",
    "MaillageError",
    "MaillageWarning",
    "Problem",
    "Result",
    "Suite",
    "Territory",
    "Text",
    "Times",
    "Unit",
    "Verdict",
    "access",
    "alternatives",
    "calibrate",
    "check",
    "collect",
    "explain",
    "frontier",
    "get_language",
    "import_times",
    "locate",
    "location",
    "prepare",
    "report",
    "run_units",
    "schema",
    "set_language",
    "solve",
    "solver",
    "suite",
    "travel",
    "validate",
    "version",
]
