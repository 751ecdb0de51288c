"""The catalogues of `wildsim list` that speak of minds: roles, kinds of minds, sensors."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

#: Kinds of minds: what decides, and what it needs in a scenario.
_MINDS = {
    "rule": ("The role's rule, as everybody else decides.", "-"),
    "random": ("A draw from the legal range of each field: a control.", "-"),
    "llm": (
        "A language model; `scripted` answers in its place without any.",
        "model (or mix); backend, api_base, api_key_env, temperature, max_tokens, timeout_s",
    ),
    "human": ("The person at the terminal, with the same observation and ranges.", "a terminal; --auto: the rule"),
    "replay": ("The decisions of an earlier run; the rule where it has none.", "run"),
}
#: What can be laid over a mind.
_OVER = {
    "vote": ("The same question several times; the median or majority decides.", "vote: {count, by}"),
    "archetypes": ("Agents that are alike share one call.", "archetypes: {groups, by, classes, check}"),
}


def roles() -> list[Row]:
    """Return every role with what it decides (with units) and sees."""
    from wildsim.minds.roles import ROLES
    from wildsim.minds.roles.role import decision_table

    rows = []
    for name, role in ROLES.items():
        columns = {field: decision_table(role, field).columns[field] for field in role.decides}
        needs = {decision_table(role, field).sector for field in role.decides} - {""}
        rows.append(
            {
                "name": name,
                "who": role.deciders,
                "decides": ", ".join(f"{field} ({column.unit})" for field, column in columns.items()),
                "sees": len(role.sees),
                "sectors": ", ".join(sorted(needs)) or None,
                "meaning": f"{role.title} {role.goal}",
            }
        )
    return rows


def minds() -> list[Row]:
    """Return every kind of mind, and what can be laid over one."""
    from typing import get_args

    from wildsim.scenario.minds import MindEntry

    known = get_args(MindEntry.model_fields["mind"].annotation)
    kinds = {f"mind: {name}": _MINDS[name] for name in known}
    return [{"name": name, "meaning": about, "needs": needs} for name, (about, needs) in (kinds | _OVER).items()]


def sensors() -> list[Row]:
    """Return every sensor with what it publishes."""
    from wildsim.sensors import SENSORS

    return [{"name": name, "measures": sensor.measures, "meaning": sensor.doc} for name, sensor in SENSORS.items()]
