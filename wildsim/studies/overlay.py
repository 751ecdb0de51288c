"""The result of a calibration as files that run: an overlay to lay over a scenario, and the scenario with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from wildsim.scenario.schema import Scenario
from wildsim.studies.space import Point, overrides


def overlay_text(scenario: Scenario, point: Point, comments: Sequence[str]) -> str:
    """Return a policy file that sets the parameters of `point`; lists are written whole."""
    lines = [*(f"# {' '.join(line.split())}" for line in comments)]
    lines += ["name: calibrated", f"about: Parameters of a calibration of {scenario.name}.", "parameters:"]
    lines += [f"  {name}: {_plain(value)}" for name, value in overrides(scenario, point).items()]
    return "\n".join(lines) + "\n"


def scenario_text(scenario: Scenario, point: Point, comments: Sequence[str]) -> str:
    """Return the scenario with the parameters of `point`, so that its burn-in has them too."""
    from ruamel.yaml import YAML

    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    data["parameters"] = {**data.get("parameters", {}), **overrides(scenario, point)}
    stream = io.StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None  # lists on one line, mappings below each other
    yaml.sort_base_mapping_type_on_output = False  # keep the order of the scenario
    yaml.width = 110
    yaml.dump(data, stream)
    return "".join(f"# {' '.join(line.split())}\n" for line in comments) + stream.getvalue()


def _plain(value: Any) -> str:
    return f"[{', '.join(_plain(item) for item in value)}]" if isinstance(value, list) else repr(value)
