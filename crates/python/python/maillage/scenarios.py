"""Scenarios: solved, validated."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from . import _maillage
from .errors import Problem, get_language, problems, warn
from .files import Folder, Spec, limits, spec_file
from .progress import Progress, watching
from .results import Result

if TYPE_CHECKING:
    from .territory import Territory


def solve(
    scenario: Spec,
    *,
    territory: Territory | str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress = None,
) -> Result:
    """Solves a scenario, a file or a dictionary, into the folder ``output``, or into one that goes with the result.

    Other threads run meanwhile. Ctrl-C stops the search and gives the plan so far, with its bound and the limit
    ``interrupted``; a second Ctrl-C leaves. A limit that is reached and an infeasible scenario are results, not errors.

    Raises :class:`MaillageError` with every problem of the inputs.
    """
    folder = Folder(output)
    file = spec_file(scenario, folder, territory)
    with watching(progress) as callback:
        record, warnings = _maillage.solve(file, folder.path, limits(time_limit, gap, threads, seed), get_language(), callback)
    return Result(folder, json.loads(record), warn(warnings))


def validate(file: Spec, *, territory: Territory | str | os.PathLike[str] | None = None) -> list[Problem]:
    """Holds a scenario, a suite, a territory or settings against their format, without solving. Returns the warnings.

    Raises :class:`MaillageError` with every problem.
    """
    folder = Folder(None)
    return problems(_maillage.validate(spec_file(file, folder, territory)))


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of ``scenario``, ``suite``, ``territory``, ``access``, ``profile``, ``result`` or ``locate-result``."""
    text = _maillage.schema(kind)
    if text is None:
        raise ValueError("scenario | suite | territory | access | profile | result | locate-result")
    return json.loads(text)
