"""How fast language models are asked: `uv run python tests/benchmarks/language.py`.

Rows: a batch of 256 calls at 200 ms and 64 at once through each backend, against the least time possible (waves times
latency); processor time a decision of our own, with a backend in the process that answers at once and with openai_http
(server in another process, its time not counted); and, where it is installed, mesa-llm on the same task. No time is
asserted anywhere.

Options: --calls, --latency (seconds), --concurrency, --skip NAME ... Needs the group bench for mesa-llm.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wildsim.minds.block import field_block
from wildsim.minds.language.call import Asker, Call, Message, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.repair import TextQuestion, decide_in_text
from wildsim.minds.language.settings import Settings
from wildsim.minds.mind import Field

ROOT = Path(__file__).resolve().parents[2]
TIMES = 5
FIELDS = tuple(
    Field(name, "USD/month", "What is decided for the next month", 0.0, 5000.0, False, 1234.5678)
    for name in ("price", "wage", "investment", "payout", "loan", "reserve")
)


class Instant:
    """A backend in the process that answers at once."""

    def check(self, model: Model) -> None:
        """Accept every model."""

    async def answer(self, call: Call) -> Reply:
        """Return the same answer always."""
        text = '{"price": 1, "wage": 2, "investment": 3, "payout": 4, "loan": 5, "reserve": 6, "why": "so"}'
        return Reply(text, 500.0, 40.0)

    async def close(self) -> None:
        """Nothing to close."""


@contextlib.contextmanager
def served(latency: float) -> Iterator[str]:
    """Run the test server in a process of its own and give its address."""
    command = [sys.executable, "-m", "tests.llm_server.server", "--latency", str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def questions(model: Model, month: int, count: int) -> list[TextQuestion]:
    """Return a month's questions, each about as long as a real prompt."""
    system = Message("system", "You manage a firm in a market economy. " * 10)
    seen = "\n".join(f"my number {k}: {k * 17.3:.4g} USD/month (month {month})" for k in range(20))
    return [
        TextQuestion(
            (system, Message("user", f"You are firm {k}.\n{seen}\n{field_block(FIELDS)}")),
            FIELDS,
            Asker(1, f"firm-{k}", month, "firm_manager"),
            model,
        )
        for k in range(count)
    ]


def measured(
    model: Model, count: int, concurrency: int, backends: dict[str, Instant] | None = None
) -> tuple[float, float]:
    """Return seconds a batch and milliseconds of processor time a decision, medians over some months on a tape."""
    settings = Settings(concurrency=concurrency)
    walls, cpus = [], []
    with tempfile.TemporaryDirectory() as folder:
        with Language(settings, tape=Path(folder) / "tape.sqlite", backends=backends) as language:
            decide_in_text(language, questions(model, -1, concurrency))  # connections are made, libraries imported
            for month in range(TIMES):
                asked = questions(model, month, count)
                wall, cpu = time.perf_counter(), time.process_time()
                outcomes = decide_in_text(language, asked)
                walls.append(time.perf_counter() - wall)
                cpus.append((time.process_time() - cpu) / count * 1e3)
                assert all(outcome.values for outcome in outcomes), outcomes[0].reason
    return statistics.median(walls), statistics.median(cpus)


def mesa_llm(address: str, count: int, together: bool) -> tuple[float, float]:
    """Ask the same prompts through mesa-llm's ModuleLLM, one call a decision.

    Its agents step one after another by default; with its automatic parallel stepping all of them are asked at once, as
    many as there are. The asynchronous call does not pass `api_base` on, so the address goes into the environment.
    """
    import os

    os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_API_BASE": address, "OPENAI_BASE_URL": address}
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    from mesa_llm.module_llm import ModuleLLM  # type: ignore[import-not-found]

    model = ModuleLLM(llm_model="openai/test", api_base=address)
    prompts = ["\n".join(message.content for message in q.messages) for q in questions(Model(), 0, count)]

    async def everything() -> None:
        await asyncio.gather(*(model.agenerate(prompt) for prompt in prompts))

    model.generate(prompts[0])  # imports are done
    wall, cpu = time.perf_counter(), time.process_time()
    if together:
        asyncio.run(everything())
    else:
        for prompt in prompts:
            model.generate(prompt)
    return time.perf_counter() - wall, (time.process_time() - cpu) / count * 1e3


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=256)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--skip", nargs="*", default=[], help="rows to leave out, by how their names begin")
    options = parser.parse_args()
    least = math.ceil(options.calls / options.concurrency) * options.latency
    print(f"{options.calls} calls, {options.latency:g} s, {options.concurrency} at once: at least {least:.2f} s")
    print(f"{'':34}{'batch, s':>10}{'of least':>10}{'cpu a decision, ms':>20}")

    def row(name: str, work: Callable[[], tuple[float, float]], waits: bool) -> None:
        if any(name.startswith(skipped) for skipped in options.skip):
            return
        wall, cpu = work()
        share = f"{wall / least:10.2f}" if waits else f"{'':10}"
        print(f"{name:34}{wall:10.3f}{share}{cpu:20.3f}", flush=True)

    size = (options.calls, options.concurrency)
    row("instant", lambda: measured(Model("test", "instant"), *size, backends={"instant": Instant()}), False)
    row("scripted", lambda: measured(Model("scripted"), *size), False)
    with served(0.0) as address:
        row("openai_http, no latency", lambda: measured(Model("test", "openai_http", address), *size), False)
    with served(options.latency) as address:
        row("openai_http", lambda: measured(Model("test", "openai_http", address), *size), True)
        row("litellm", lambda: measured(Model("openai/test", "litellm", address), *size), True)
        try:
            row("mesa-llm, all at once", lambda: mesa_llm(address, options.calls, True), False)
            few = max(1, options.calls // 8)
            row(f"mesa-llm, one by one, {few} calls", lambda: mesa_llm(address, few, False), False)
        except ImportError as error:
            print(f"mesa-llm is not installed ({error}): uv sync --group bench")


if __name__ == "__main__":
    main()
