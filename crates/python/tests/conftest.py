"""What tests share: the shipped territory, and messages in English."""

import json
import os
from pathlib import Path

import maillage
import pandas as pd
import pytest

ROANNAIS = Path(__file__).resolve().parents[3] / "scenarios" / "roannais"


@pytest.fixture(autouse=True)
def english():
    maillage.set_language("en")
    yield
    maillage.set_language("fr")


@pytest.fixture
def roannais() -> Path:
    return ROANNAIS


@pytest.fixture
def communes() -> pd.DataFrame:
    codes = {"code_commune": str, "code_epci": str, "department": str, "region": str}
    return pd.read_csv(ROANNAIS / "communes.csv", dtype=codes)


@pytest.fixture
def siting(roannais: Path) -> dict:
    """A scenario of the Roannais as a dictionary, small enough to be solved in a moment."""
    return {
        "name": "two-sites",
        "territory": roannais / "territory.json",
        "scope": "core",
        "people": {"attachable_percent": 100},
        "problem": {"kind": "p-median", "p": 2, "candidates": {"places": "core", "min_population": 1500}},
    }


@pytest.fixture
def quick(roannais: Path) -> dict:
    """Three sites at most among the larger communes of the Roannais: solved in a moment."""
    scenario = json.loads((roannais / "three-sites.json").read_text())
    scenario["territory"] = roannais / "territory.json"
    scenario["problem"]["candidates"]["min_population"] = 2500
    scenario["problem"]["goals"] = ["people-attached"]
    return scenario


@pytest.fixture
def shared():
    """Data for tests beside the project; tests are skipped where it is not."""

    def of(name: str) -> Path:
        file = Path(__file__).resolve().parents[4] / "shared" / name
        if not file.exists():
            assert os.environ.get("MAILLAGE_NO_SKIP") != "1", f"{file} is not there"
            pytest.skip(f"{file} is not there")
        return file

    return of
