"""A snapshot taken amid any policy restores to the same society: resuming rests on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

OVERLAYS = sorted(Path("scenarios/policies").glob("*.yaml"))
GROUPS = """
policies:
  - {kind: rebate, usd: 2000, randomly_over: 30, where: {decile: [1, 5]}}
  - {kind: wage_subsidy, phase_in: 0.2, until_wage: 0.5, phase_out: 0.1, where: {decile: [1, 3]}}
  - {kind: public_spending, function: general, change: 0.01}
"""


def amid(scenario: Scenario) -> Scenario:
    """Return the scenario with policies that start just before the snapshot."""
    policies = [policy.model_copy(update={"from_": 2, "until": None}) for policy in scenario.policies]
    return scenario.model_copy(update={"policies": tuple(policies)})


@pytest.mark.parametrize("name", [*(path.stem for path in OVERLAYS), "groups"])
def test_a_snapshot_amid_a_policy_restores(name: str, tmp_path: Path) -> None:
    (tmp_path / "groups.yaml").write_text(GROUPS)
    file = tmp_path / "groups.yaml" if name == "groups" else Path("scenarios/policies") / f"{name}.yaml"
    scenario = amid(load("scenarios/minimal.yaml", ["burn_in=6"]).with_overlay(load_overlay(file)))
    first, second = Society(scenario, seed=3), Society(scenario, seed=3)
    first.burn_in()
    first.run_for(6)
    saved = {key: np.array(value) for key, value in first.snapshot().items()}
    assert not any(value.dtype == object for value in saved.values()), "npz without pickle cannot hold objects"
    first.run_for(10)
    second.restore(saved)
    second.run_for(10)
    one, other = first.snapshot(), second.snapshot()
    assert [key for key in one if np.asarray(one[key]).tobytes() != np.asarray(other[key]).tobytes()] == []
    first.close()
    second.close()
