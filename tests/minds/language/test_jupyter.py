"""In a notebook an event loop runs already; batches work there, over a real connection, beside cells that await."""

from __future__ import annotations

import nbformat
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.llm_server.server import Server

CELL = """
import asyncio, sys
sys.path.insert(0, {root!r})
from tests.minds.language.asking import call
from wildsim.minds.language.call import Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings

assert asyncio.get_running_loop().is_running()
model = Model("test", "openai_http", {address!r})
with Language(Settings()) as language:
    answers = language.ask([call(f"firm-{{k}}", model=model) for k in range(8)])
    await asyncio.sleep(0)
    answers += language.ask([call(f"firm-{{k}}", model=model, month=1) for k in range(8)])
print(sum(isinstance(answer, Reply) for answer in answers), "answers")
"""


def test_batches_work_in_a_notebook() -> None:
    with Server() as server:
        cell = nbformat.v4.new_code_cell(CELL.format(root=str(ROOT), address=server.address))
        notebook = nbformat.v4.new_notebook(cells=[cell])
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert [output["text"] for output in cell["outputs"]] == ["16 answers\n"]
    assert len(server.arrivals) == 16
