"""The result of a calibration as files that run: an overlay to lay over a scenario, and the scenario with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from wildsim.scenario.schema import Scenario
from wildsim.studies.space import Point, overrides


def overlay_text(scenario: Scenario, point: Point, comments: Sequence[str]) -> str:
    """Return a policy file that sets the parameters of `point`; lists are written whole."""
    head = {"name": "calibrated", "about": f"Parameters of a calibration of {scenario.name}."}
    lines = [f"  {name}: {_plain(value)}\n" for name, value in overrides(scenario, point).items()]
    return "".join([_comments(comments), _yaml(head, flow=False), "parameters:\n", *lines])


def scenario_text(scenario: Scenario, point: Point, comments: Sequence[str]) -> str:
    """Return the scenario with the parameters of `point`, so that its burn-in has them too."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    data["parameters"] = {**data.get("parameters", {}), **overrides(scenario, point)}
    return _comments(comments) + _yaml(data, flow=None)  # lists on one line, mappings below each other


def _comments(comments: Sequence[str]) -> str:
    return "".join(f"# {' '.join(line.split())}\n" for line in comments)


def _yaml(data: dict[str, Any], *, flow: bool | None) -> str:
    """Return data as YAML, texts quoted where they must be."""
    from ruamel.yaml import YAML

    stream = io.StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = flow
    yaml.sort_base_mapping_type_on_output = False  # keep the order of the scenario
    yaml.width = 110
    yaml.dump(data, stream)
    return stream.getvalue()


def _plain(value: Any) -> str:
    return f"[{', '.join(_plain(item) for item in value)}]" if isinstance(value, list) else repr(value)
