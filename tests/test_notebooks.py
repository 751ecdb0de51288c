"""Notebooks run from top to bottom, and are kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    outputs = [cell["outputs"] for cell in notebook.cells if cell["cell_type"] == "code"]
    assert not any(outputs), "clear the outputs before committing"
    client = NotebookClient(notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": path.parent}})
    client.execute()
    text = str([cell.get("outputs") for cell in notebook.cells])
    assert "image/png" in text
    assert "Traceback" not in text
    assert "'stderr'" not in text, "a notebook for newcomers shows no warnings"
