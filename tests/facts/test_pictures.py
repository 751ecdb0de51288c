"""Pictures of facts: whatever the scenario is called."""

from __future__ import annotations

from pathlib import Path

from wildsim.facts.evidence import live
from wildsim.facts.ranges import load_country
from wildsim.facts.societies import variants
from wildsim.facts.table import make_table
from wildsim.reports.facts import write_report
from wildsim.scenario.schema import Scenario


def test_a_name_with_dollar_signs_is_no_formula(tmp_path: Path) -> None:
    name = r"$\foo$ of 5 \$ to {"
    size = {"people": 300, "regions": 1}
    scenario = Scenario.model_validate({"name": name, "burn_in": 1, "months": 2, "society": size})
    judged = variants(scenario, controls=False)
    gathered = {judged[0].name: [live(scenario, 1)]}
    paths = write_report(tmp_path, name, make_table(gathered, judged, (1,), load_country("us")), gathered, "command")
    assert sum(path.suffix == ".png" for path in paths) == 5
    assert f"<title>{name}: " in paths[0].read_text(encoding="utf-8")
