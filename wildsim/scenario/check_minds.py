"""What pydantic cannot know of the section `minds`: roles, their fields, whom `where` can mean, what a sector needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from wildsim.core.document import KeyPath
from wildsim.core.errors import did_you_mean
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Role, decision_table
from wildsim.scenario.minds import MindEntry
from wildsim.scenario.mistakes import Mistakes
from wildsim.state.world import TABLES


def check_entries(entries: Any, mistakes: Mistakes) -> None:
    """Note entries that are none, keys that no entry has, and roles that are unknown."""
    if not isinstance(entries, list):
        mistakes.add(("minds",), "minds is not a list; start each entry with '- {role: ...}'.")
        return
    known = {field.alias or name for name, field in MindEntry.model_fields.items()}
    for index, entry in enumerate(entries):
        path = ("minds", index)
        if not isinstance(entry, dict):
            mistakes.add(path, f"minds[{index}] must be a mapping, such as {{role: firm_manager, count: 20}}.")
            continue
        for key in entry:
            if key not in known:
                mistakes.add(
                    (*path, key), f"unknown key '{str(key)[:60]}' in minds[{index}].{did_you_mean(str(key), known)}"
                )
        role = entry.get("role")
        if role is None:
            mistakes.add(path, f"minds[{index}] has no role. List them: wildsim list roles")
        elif not isinstance(role, str) or role not in ROLES:
            near = did_you_mean(str(role), ROLES)
            mistakes.add(
                (*path, "role"), f"unknown role '{str(role)[:60]}' in minds[{index}].{near} See: wildsim list roles"
            )


def check_entry(entry: MindEntry, path: KeyPath, sectors: Collection[str], mistakes: Mistakes) -> None:
    """Note what does not fit the role of an entry, or the sectors that are on."""
    role = ROLES[entry.role]
    sector = next(table.sector for table in TABLES if table.name == role.deciders)
    if sector and sector not in sectors:
        mistakes.add((*path, "role"), f"the role '{role.name}' needs the {sector} sector: sectors: {{{sector}: true}}.")
        return
    _check_fields(entry, role, path, sectors, mistakes)
    _check_model(entry, path, mistakes)
    if entry.where is not None and role.deciders != "people":
        given = entry.where.selectors()
        if role.deciders != "firms" or set(given) != {"region"}:
            can = "only by region" if role.deciders == "firms" else "not by `where`"
            mistakes.add((*path, "where"), f"agents of the role '{role.name}' can be chosen {can}.")
    if entry.letters and role.deciders != "people":
        mistakes.add((*path, "letters"), f"letters go along the ties of people; the role '{role.name}' has none.")
    if entry.reflect and (entry.mind != "llm" or not entry.memory):
        mistakes.add((*path, "reflect"), "only a language model with a memory reflects: mind: llm, memory: 6.")
    if entry.archetypes is not None:
        _check_archetypes(entry, role, path, mistakes)


def _check_model(entry: MindEntry, path: KeyPath, mistakes: Mistakes) -> None:
    """Note a model without a name, and an address that no server can have."""
    if not all(name.strip() for name in entry.models):
        key = "mix" if entry.mix else "model"
        mistakes.add((*path, key), f"{key} names no model; write litellm's name of one, or scripted (no model).")
    problem = address_problem(entry.api_base) if entry.api_base else ""
    if problem:
        mistakes.add((*path, "api_base"), f"api_base {problem} Write it as in http://localhost:8000/v1")


def address_problem(address: str) -> str:
    """Return why an address cannot be one of a server, in words; "" where it can. The address itself is not shown."""
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        return "has a port that is no number from 1 to 65535." if "ort" in str(error) else "is no address."
    if parts.username is not None or parts.password is not None:
        return (
            "holds a user or a password; these would be written into the run. "
            "Put the key into a variable and name it: api_key_env."
        )
    if parts.scheme not in ("http", "https"):
        return "must begin with http:// or https://."
    if not host or not address.isprintable() or " " in address:
        return "names no host."
    return "has a port that is no number from 1 to 65535." if port == 0 else ""


def _check_fields(entry: MindEntry, role: Role, path: KeyPath, sectors: Collection[str], mistakes: Mistakes) -> None:
    there = [name for name in role.decides if decision_table(role, name).sector in ("", *sectors)]
    for place, name in enumerate(entry.decides):
        if name in there:
            continue
        near = did_you_mean(name, there)
        if name in role.decides:
            sector = decision_table(role, name).sector
            near = f" It needs the {sector} sector: sectors: {{{sector}: true}}."
        elif not near:
            near = f" It decides: {', '.join(there)}."
        mistakes.add((*path, "decides", place), f"the role '{role.name}' decides no '{name[:60]}' here.{near}")


def _check_archetypes(entry: MindEntry, role: Role, path: KeyPath, mistakes: Mistakes) -> None:
    """Note columns that the deciders do not have; archetypes that would keep a memory each."""
    assert entry.archetypes is not None
    if entry.memory or entry.letters or entry.reflect:
        mistakes.add(
            (*path, "archetypes"), "agents that share calls have no memory or letters of their own; leave these out."
        )
    columns = {table.name: table.columns for table in TABLES}
    for key in ("by", "classes"):
        for place, name in enumerate(getattr(entry.archetypes, key)):
            first, _, second = name.partition(".")
            column = columns[role.deciders].get(first)
            target = columns.get(column.ref, {}) if column is not None and second else {}
            if column is None or (second and second not in target):
                near = did_you_mean(second or first, target or columns[role.deciders])
                at = (*path, "archetypes", key, place)
                mistakes.add(at, f"{role.deciders} have no column '{name[:60]}'.{near} Or as in household.deposits.")
