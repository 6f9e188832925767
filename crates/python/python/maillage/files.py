"""Files that stand for what Python holds: scenarios given as dictionaries, folders that nobody named."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import MaillageError, Text

if TYPE_CHECKING:
    from .territory import Territory

#: A file, or what it would say.
Spec = str | os.PathLike[str] | Mapping[str, Any]


class Folder:
    """A folder that the user named, or a temporary one that goes with the object that holds it."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        # Who has a file made in it must hold the folder as long as the file is read.
        self._temporary = None if path is not None else tempfile.TemporaryDirectory(prefix="maillage-")
        self.path = Path(path) if path is not None else Path(self._temporary.name) / "result"

    @property
    def temporary(self) -> bool:
        """Whether it goes with the object."""
        return self._temporary is not None


def limits(
    time_limit: float | None = None, gap: float | None = None, threads: int | None = None, seed: int | None = None
) -> dict[str, Any]:
    """What bounds a solve; ``None`` leaves it to the scenario, then to the default."""
    return {"time_limit": time_limit, "gap": gap, "threads": threads, "seed": seed}


def spec_file(spec: Spec, folder: Folder, territory: Territory | str | os.PathLike[str] | None = None) -> Path:
    """The file of a scenario or a suite. A dictionary is written beside the folder of its result, as ``FOLDER.json``, so that
    the result can be checked later. In a dictionary a relative path to a territory or a base starts where Python runs."""
    if not isinstance(spec, Mapping):
        if territory is not None:
            raise TypeError("territory= goes with a scenario given as a dictionary; a file names its own")
        return Path(spec)
    value = {"schema_version": 1, **spec}
    inner = value.get("base") if isinstance(value.get("base"), Mapping) else None
    scenario = dict(inner) if inner is not None else value
    if territory is not None and "base" in value and inner is None:
        raise TypeError("territory= goes with a base given as a dictionary; a file names its own")
    if territory is not None:
        scenario["territory"] = os.fspath(getattr(territory, "path", territory))
    if inner is not None:
        value["base"] = _named(scenario, "base")
    elif "problem" in value:
        value = _named(value, folder.path.name)
    target = folder.path.parent / f"{folder.path.name}.json"
    for holder, key in ((value, "base"), (value, "territory"), (value.get("base"), "territory")):
        if isinstance(holder, dict) and isinstance(holder.get(key), str | os.PathLike):
            holder[key] = _seen_from(target.parent, holder[key])
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    _write(target, text, folder.path)
    return target


def _named(scenario: dict[str, Any], name: str) -> dict[str, Any]:
    """A scenario with what may be left out of a dictionary: version, name, and a title, which may be one text."""
    name = str(scenario.get("name", name))
    title = scenario.get("title", name)
    both = title if isinstance(title, Mapping) else {"fr": str(title), "en": str(title)}
    return {"schema_version": 1, "name": name, **scenario, "title": dict(both)}


def _seen_from(folder: Path, path: str | os.PathLike[str]) -> str:
    """Relative, so that a folder with its scenario and territory can be moved as one."""
    try:
        return Path(os.path.relpath(Path(path).resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return Path(path).resolve().as_posix()


def _write(target: Path, text: str, result: Path) -> None:
    """Writes a file that only an earlier call may have written: the result beside it says so."""
    if target.exists() and target.read_text(encoding="utf-8") != text and not _is_ours(target, result):
        raise MaillageError.one(
            "E108",
            Text("ce fichier existe et dit autre chose", "this file exists and says something else"),
            Text("choisir un autre dossier de sortie", "choose another output folder"),
            file=str(target),
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(target)


def _is_ours(target: Path, result: Path) -> bool:
    try:
        record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return (result / "units").is_dir() or (result / "alternatives.csv").is_file()
    return record.get("scenario_file") == f"../{target.name}"
