"""The JSON schema of scenario files, for editors. Write it anew: python -m wildsim.scenario.json_schema > FILE."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from wildsim.policies import POLICIES
from wildsim.scenario.schema import Scenario


def schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario, every policy kind with its own fields."""
    kinds = [model for _, model in sorted(POLICIES.items())]
    references, shared = models_json_schema([(Scenario, "validation"), *((kind, "validation") for kind in kinds)])
    definitions = shared["$defs"]
    definitions["Selector"] = {
        "description": "A number, a range [low, high] with both ends, or a set {in: [a, b]}.",
        "anyOf": [
            {"type": "number"},
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            {
                "type": "object",
                "properties": {"in": {"type": "array", "items": {"type": "number"}, "minItems": 1}},
                "required": ["in"],
                "additionalProperties": False,
            },
        ],
    }
    survey = definitions["SensorEntry"]["properties"]["survey"]
    survey["anyOf"].insert(0, {"type": "integer", "minimum": 10})  # its size alone
    weight = {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/TermEntry"}]}
    rewards = definitions["RewardSection"]
    rewards["properties"].pop("terms")
    rewards["additionalProperties"] = weight  # by indicator
    for kind in kinds:
        definitions[kind.__name__].setdefault("required", []).append("kind")
    scenario = definitions.pop("Scenario")
    scenario["properties"]["policies"]["items"] = {"oneOf": [references[kind, "validation"] for kind in kinds]}
    definitions.pop("Policy", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "WildSim scenario",
        **{key: value for key, value in scenario.items() if key != "title"},
        "$defs": definitions,
    }


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
