"""How long a society with minds takes: `uv run python -m tests.benchmarks.minds --people 10000 --months 24`.

Every person (or, with --groups, every typical person) is asked by the scripted backend through the whole chain:
observation, prompt, tape, answer, record. Prints seconds of the recorded months, wall and CPU, and CPU a decision, the
economy's own time included.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from wildsim.deliberation.minds import settings_of
from wildsim.engine.record import Recorder
from wildsim.minds.language.chain import Language
from wildsim.scenario.schema import Scenario
from wildsim.society import Society


def main() -> None:
    """Measure one society."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--groups", type=int, default=0, help="calls a month; 0: everybody is asked")
    parser.add_argument("--check", type=int, default=20, help="members of groups that are asked on their own as well")
    options = parser.parse_args()
    entry = {"role": "household_member", "mind": "llm", "model": "scripted"}
    if options.groups:
        entry |= {"archetypes": {"groups": options.groups, "check": options.check}}  # type: ignore[dict-item]
    size = {"people": options.people, "regions": max(1, options.people // 2_500)}
    story = Scenario.model_validate(
        {"name": "minds", "months": options.months, "burn_in": 12, "society": size, "minds": [entry]}
    )
    with tempfile.TemporaryDirectory() as folder:
        tape = Path(folder) / "tape.sqlite"
        with Language(settings_of(story.llm), tape=tape) as language:
            society = Society(story, language=language)
            society.burn_in()
            recorder = Recorder(decisions=True)
            wall, cpu = time.perf_counter(), time.process_time()
            for month in range(options.months):
                society.step()
                recorder.add(month, society)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            report = society.minds_report()
            society.close()
        megabytes = tape.stat().st_size / 1e6
    asked = sum(report["decisions"].values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{options.people:,} people, {options.months} months, {asked:,} decisions asked: {wall:.1f} s, CPU {cpu:.1f} s"
    )
    print(f"{1e3 * cpu / asked:.3f} ms CPU a decision; tape {megabytes:.0f} MB; peak memory {memory:,.0f} MB")
    for name, loss in report["archetype_loss"].items():
        print(f"lost by sharing, {name}: {loss:.3f}")


if __name__ == "__main__":
    main()
