"""The notebooks of the documentation, run as a reader would."""

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[3] / "docs" / "notebooks"


@pytest.mark.parametrize("name", sorted(file.name for file in NOTEBOOKS.glob("*.ipynb")))
def test_a_notebook_runs_and_is_kept_without_outputs(name):
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    # An error in a cell is raised, with the cell.
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": NOTEBOOKS}}).execute()


def test_there_are_notebooks():
    assert len(list(NOTEBOOKS.glob("*.ipynb"))) == 2
