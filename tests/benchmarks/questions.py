"""What it costs to ask: observations, fields and prompts of many agents, CPU microseconds a question.

Run by hand: uv run python tests/benchmarks/questions.py --people 12000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from wildsim.deliberation.observation import fields_of, observe
from wildsim.deliberation.persona import personas
from wildsim.minds.mind import Question
from wildsim.minds.prompt import messages_of
from wildsim.minds.roles import ROLES
from wildsim.scenario.schema import SECTORS, Scenario
from wildsim.society import Society

T = TypeVar("T")
REPEATS = 5


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` gives and the median CPU seconds of some runs."""
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        found = work()
        taken.append(time.process_time() - start)
    return found, sorted(taken)[REPEATS // 2]


def main() -> None:
    """Print a table, a row a role, with every sector on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12_000)
    chosen = parser.parse_args()
    sectors = dict.fromkeys(SECTORS, True)
    society = Society(Scenario(burn_in=0, months=3, society={"people": chosen.people}, sectors=sectors))
    society.run_for(3)
    view = society.world.view()
    print(f"{'role':18}{'questions':>10}{'observe':>9}{'fields':>9}{'persona':>9}{'prompt':>9}{'characters':>11}")
    for name, role in ROLES.items():
        rows = np.arange(min(10_000, len(society.world.tables[role.deciders])))
        seen, observing = timed(lambda role=role, rows=rows: observe(view, role, rows))
        fields, asking = timed(lambda role=role, rows=rows: fields_of(view, role, rows))
        who, telling = timed(lambda role=role, rows=rows: personas(view, role, rows))
        parts = zip(seen, fields, who, strict=True)
        asked = [Question(1, "x", 3, name, a, b, persona=c) for a, b, c in parts]
        prompts, writing = timed(lambda role=role, asked=asked: [messages_of(question, role) for question in asked])
        letters = sum(len(message.content) for prompt in prompts for message in prompt) / len(rows)
        each = "".join(f"{1e6 * taken / len(rows):9.1f}" for taken in (observing, asking, telling, writing))
        print(f"{name:18}{len(rows):10}{each}{letters:11.0f}")
    society.close()


if __name__ == "__main__":
    main()
