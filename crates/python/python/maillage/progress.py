"""How a solve goes: a line in a notebook or on a terminal, or a callback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .errors import get_language

#: What a callback is told: ``what`` (``began``, ``progress``, ``ended``), ``scenario`` (of a suite), ``goal``, ``elapsed``,
#: ``objective``, ``bound``, ``gap``, ``status``.
Told = dict[str, Any]
#: ``None``: a line in notebooks and on terminals; ``True``: a line anywhere; ``False``: silence; else a function.
Progress = Callable[[Told], object] | bool | None


class Line:
    """One line that is rewritten; for suites one more for each scenario that ended."""

    def __init__(self, total: int | None = None) -> None:
        self.total = total
        self.ended = 0
        self.width = 0
        self.display = _notebook_display()

    def __call__(self, told: Told) -> None:
        if told["what"] == "ended":
            self.ended += 1
            of = f"/{self.total}" if self.total else ""
            self._show(f"[{self.ended}{of}] {told['scenario']}: {told['status']}")
        elif told["what"] == "progress":
            name = f"{told['scenario']} · " if told["scenario"] else ""
            self._show(name + _words(told))

    def _show(self, text: str) -> None:
        text = text[:120]
        if self.display is not None:
            self.display.update({"text/plain": text}, raw=True)
            return
        sys.stderr.write("\r" + text + " " * max(0, self.width - len(text)))
        sys.stderr.flush()
        self.width = len(text)

    def close(self) -> None:
        """Wipes the line."""
        if self.display is not None:
            self.display.update({"text/plain": ""}, raw=True)
        elif self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()


def _words(told: Told) -> str:
    def number(value: float | None) -> str:
        return "–" if value is None else f"{value:,.0f}"

    gap = "–" if told["gap"] is None else f"{told['gap'] * 100:.2f} %"
    plan, bound, seconds = number(told["objective"]), number(told["bound"]), told["elapsed"] or 0
    if get_language() == "en":
        return f"{told['goal']}: best plan {plan}, bound {bound}, gap {gap}, {seconds:.0f} s"
    plan, bound, gap = plan.replace(",", "\u202f"), bound.replace(",", "\u202f"), gap.replace(".", ",")
    return f"{told['goal']} : meilleur plan {plan}, borne {bound}, écart {gap}, {seconds:.0f} s"


def _in_notebook() -> bool:
    # Nothing is imported for this: in a notebook IPython is there already.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _notebook_display() -> Any:
    if not _in_notebook():
        return None
    from IPython.display import display

    return display({"text/plain": ""}, raw=True, display_id=True)


class watching:
    """``with watching(progress) as callback``: a line that is wiped at the end, a function, or nothing."""

    def __init__(self, progress: Progress, total: int | None = None) -> None:
        if progress is None:
            progress = _in_notebook() or sys.stderr.isatty()
        self.line = Line(total) if progress is True else None
        self.callback = self.line or (progress if callable(progress) else None)

    def __enter__(self) -> Callable[[Told], object] | None:
        return self.callback

    def __exit__(self, *_: object) -> None:
        if self.line is not None:
            self.line.close()
