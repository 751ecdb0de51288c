"""`wildsim list`: catalogues of what can be named in a scenario, with units and sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from wildsim.cli import output
from wildsim.cli.list_minds import minds, roles, sensors
from wildsim.core.errors import InputError, did_you_mean

Row = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="list")(list_)


def list_(
    what: Annotated[
        str,
        typer.Argument(
            help="scenarios, policies, indicators, parameters, sectors, shocks, facts, cases, roles, minds, sensors."
        ),
    ],
    country: Annotated[str, typer.Option("--country", help="Country of the parameters and facts.")] = "us",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show a catalogue of scenarios, policies, indicators, parameters, sectors, shocks, facts, cases, minds, ..."""
    catalogues: dict[str, Callable[[], list[Row]]] = {
        "scenarios": scenarios,
        "policies": policies,
        "indicators": indicators,
        "parameters": lambda: parameters(country),
        "sectors": sectors,
        "shocks": shocks,
        "facts": lambda: facts(country),
        "cases": cases,
        "roles": roles,
        "minds": minds,
        "sensors": sensors,
    }
    if what not in catalogues:
        near = did_you_mean(what, catalogues)
        raise InputError(f"unknown catalogue '{what}'.{near} Known: {', '.join(catalogues)}.")
    rows = catalogues[what]()
    if as_json:
        output.emit(rows)
    elif not rows:
        output.say(f"No {what} found.")
    elif what == "policies":
        _print_policies(rows)
    else:
        headers = list(rows[0])
        output.table(headers, ([_cell(row[header]) for header in headers] for row in rows))


def scenarios() -> list[Row]:
    """Return every scenario and policy file of the catalogue with what it says of itself."""
    from wildsim.core.document import read
    from wildsim.scenario.catalogue import overlay_files, scenario_files

    rows = []
    for kind, files in (("scenario", scenario_files()), ("policy file", overlay_files())):
        for file in files:
            try:
                data = read(file).data
                about = data.get("about", "") if isinstance(data, dict) else ""
            except InputError as error:
                about = f"cannot be read: {error}"
            rows.append({"file": str(file), "kind": kind, "about": " ".join(str(about).split())})
    return rows


def policies() -> list[Row]:
    """Return every policy kind with its fields, their types, defaults and meanings."""
    from wildsim.policies import POLICIES

    rows = []
    for kind, model in sorted(POLICIES.items()):
        fields = [
            {
                "name": field.alias or name,
                "required": field.is_required(),
                "default": None if field.is_required() else field.get_default(call_default_factory=False),
                "meaning": field.description or "",
                "choices": _choices(field.annotation),
            }
            for name, field in model.model_fields.items()
            if name != "kind"
        ]
        rows.append({"kind": kind, "about": model.about, "sector": model.sector, "fields": fields})
    return rows


def _choices(annotation: Any) -> list[str]:
    """Return the words that a field may hold; [] where it holds no words."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return next((found for part in get_args(annotation) if (found := _choices(part))), [])


def indicators() -> list[Row]:
    """Return every indicator with its unit, direction and source."""
    from importlib import import_module

    registry = getattr(import_module("wildsim.indicators"), "INDICATORS", None)
    return [
        {
            "name": name,
            "unit": str(getattr(item, "unit", "")),
            "direction": str(getattr(item, "direction", "")),
            "meaning": str(getattr(item, "doc", None) or getattr(item, "about", None) or ""),
            "source": str(getattr(item, "source", "")),
        }
        for name, item in (registry.items() if registry is not None else [])
    ]


def parameters(country: str) -> list[Row]:
    """Return every parameter of a country with unit, year, meaning and source."""
    from wildsim.core.parameters import load_parameters

    return [
        {
            "name": item.name,
            "value": item.value,
            "unit": item.unit,
            "year": item.year,
            "meaning": item.doc,
            "source": item.source,
        }
        for item in load_parameters(country).values()
    ]


def sectors() -> list[Row]:
    """Return the social sectors."""
    from wildsim.scenario.schema import NEEDS, SECTORS

    return [{"name": name, "doc": doc, "needs": ", ".join(NEEDS.get(name, ()))} for name, doc in SECTORS.items()]


def shocks() -> list[Row]:
    """Return the aggregate shocks and whether they are on where a scenario says nothing."""
    from wildsim.scenario.schema import Shocks

    return [
        {"name": name, "default": "on" if field.default else "off", "meaning": field.description or ""}
        for name, field in Shocks.model_fields.items()
    ]


def facts(country: str) -> list[Row]:
    """Return every stylised fact with its range in a country, its estimator and the source of the range."""
    from wildsim.facts import FACTS, FAMILIES
    from wildsim.facts.ranges import load_country

    known, order = load_country(country), list(FAMILIES)
    rows = []
    for name, item in sorted(FACTS.items(), key=lambda pair: order.index(pair[1].family)):
        wanted = known.of(name)
        row: Row = {"name": name, "family": item.family, "unit": item.unit, "needs": item.sector or None}
        row |= {"low": wanted.low, "high": wanted.high} if wanted.counted else {"low": None, "high": None}
        rows.append(row | {"meaning": item.doc, "estimator": item.source, "source": wanted.source})
    return rows


def cases() -> list[Row]:
    """Return every policy whose effect is known, with the published range and its source."""
    from wildsim.cases import CASES

    return [
        {
            "name": case.name,
            "policy": case.policy,
            "published": case.published,
            "range": f"{case.low:g} to {case.high:g} {case.unit}",
            "bites": "; ".join(bite.about for bite in case.bites) or "-",
            "source": case.source,
        }
        for _, case in CASES.items()
    ]


def _print_policies(rows: list[Row]) -> None:
    for row in rows:
        needs = f" Needs sectors: {{{row['sector']}: true}}." if row["sector"] else ""
        print(f"{row['kind']}: {row['about']}{needs}")
        for field in row["fields"]:
            default = "required" if field["required"] else f"default {_cell(field['default'])}"
            words = f" One of: {', '.join(field['choices'])}." if field["choices"] else ""
            print(f"    {field['name']:<16} {field['meaning']}{words} ({default})")
    from wildsim.policies import Where

    print(
        "\nUSD of the society's start are dollars before burn-in: they grow with the mean wage until the policy begins,"
        " so that 500 USD a month stay the share of a wage that they were."
    )
    print("\nwhere: whom a policy meets; all keys must fit. [low, high] is a range with both ends, {in: [...]} a set.")
    print("    where: {region: {in: [0, 2]}, age: [18, 25]}")
    for name, about in Where.model_fields.items():
        print(f"    {name:<16} {about.description}")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
