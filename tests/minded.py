"""A small finished run with minds, made once and copied for every test that wants one."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from wildsim.engine.plan import make_plan
from wildsim.engine.run import start
from wildsim.scenario.load import load, load_overlay

#: Answers of the managers are spoilt most of the time, so that some are repaired and some fall back.
STORY = """name: demo
months: 4
burn_in: 2
society: {people: 300, regions: 2}
minds:
  - {role: firm_manager, count: 16, mind: llm, model: "scripted:chaos=.8"}
  - {role: central_banker, mind: llm, memory: 3}
  - {role: household_member, count: 2, mind: random}
  - {role: household_member, count: 60, mind: llm, archetypes: {groups: 3, check: 2}}
"""


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="wildsim-test-"))
    (folder / "demo.yaml").write_text(STORY)
    plan = make_plan(load(folder / "demo.yaml"), [load_overlay("no_change")], seeds=1)
    return start(plan, out=folder / "run", jobs=1).path


def copy_of_the_run(target: Path) -> Path:
    """Return a copy of the run at `target`, which the test may spoil."""
    shutil.copytree(_made(), target)
    return target


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return everything that a folder holds."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
