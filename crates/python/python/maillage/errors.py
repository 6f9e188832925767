"""What goes wrong, with the same codes, places and remedies as the command line."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass

_language = "fr"


def set_language(language: str) -> None:
    """The language of messages, reports and tables for people: ``"fr"``, the default, or ``"en"``."""
    global _language
    if language not in ("fr", "en"):
        raise ValueError('"fr" or "en"')
    _language = language


def get_language() -> str:
    """The language that :func:`set_language` chose."""
    return _language


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.en if _language == "en" else self.fr


@dataclass(frozen=True)
class Problem:
    """One problem: its code, what is wrong, where, and what to do."""

    code: str
    severity: str
    cause: Text
    remedy: Text
    file: str | None = None
    line: int | None = None
    column: int | None = None
    #: JSON pointer, or the column of a table.
    pointer: str | None = None
    #: The offending value, shortened.
    value: str | None = None

    @classmethod
    def of(cls, raw: dict) -> Problem:
        """From the JSON of the command line."""
        place = raw.get("place", {})
        return cls(
            code=raw["code"],
            severity=raw["severity"],
            cause=Text(**raw["cause"]),
            remedy=Text(**raw["remedy"]),
            file=place.get("file"),
            line=place.get("line"),
            column=place.get("column"),
            pointer=place.get("pointer"),
            value=raw.get("value"),
        )

    @property
    def place(self) -> str:
        """File, line, column and pointer in one text."""
        out = self.file or ""
        for number in (self.line, self.column):
            out += f":{number}" if number is not None else ""
        return f"{out} [{self.pointer}]".strip() if self.pointer else out

    def __str__(self) -> str:
        english = _language == "en"
        words = {"error": "error", "warning": "warning"} if english else {"error": "erreur", "warning": "avertissement"}
        labels = ("where", "value", "remedy") if english else ("où", "valeur", "remède")
        colon = ":" if english else " :"
        out = f"{words.get(self.severity, self.severity)} {self.code}{colon} {self.cause}"
        for label, text in zip(labels, (self.place, self.value, str(self.remedy)), strict=True):
            out += f"\n  {label:<7}{text}" if text else ""
        return out


def problems(text: str) -> list[Problem]:
    """Problems from JSON."""
    return [Problem.of(raw) for raw in json.loads(text)]


class MaillageError(Exception):
    """Inputs that cannot be used: all that is wrong with them, in :attr:`problems`."""

    def __init__(self, raw: str) -> None:
        # `args` holds the JSON, so that the exception crosses from one process to another.
        super().__init__(raw)
        self.problems: list[Problem] = problems(raw)

    @classmethod
    def one(cls, code: str, cause: Text, remedy: Text, file: str | None = None, value: str | None = None) -> MaillageError:
        """A single problem."""
        raw = {
            "code": code,
            "severity": "error",
            "cause": vars(cause),
            "place": {"file": file},
            "value": value,
            "remedy": vars(remedy),
        }
        return cls(json.dumps([raw]))

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code if self.problems else ""

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class InternalError(RuntimeError):
    """A fault of the program or of the solver."""


class MaillageWarning(UserWarning):
    """Inputs that are used, and that something is to be said of."""


def warn(text: str) -> list[Problem]:
    """Gives each problem of a JSON text as a warning, and all of them back."""
    found = problems(text)
    for problem in found:
        warnings.warn(str(problem), MaillageWarning, stacklevel=4)
    return found
