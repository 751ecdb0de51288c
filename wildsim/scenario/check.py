"""From plain data with places to a checked scenario: every mistake said with file, line and remedy."""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wildsim.core.document import Document, KeyPath
from wildsim.core.errors import InputError, did_you_mean
from wildsim.core.parameters import load_parameters, override_problem
from wildsim.policies import POLICIES
from wildsim.scenario.evaluation import check_evaluation
from wildsim.scenario.mistakes import Mistakes
from wildsim.scenario.rewards import OPTIONS
from wildsim.scenario.schema import MIN_PEOPLE_PER_REGION, NEEDS, SECTORS, OverlaySections, Scenario, Sections, Shocks
from wildsim.scenario.sensors import SensorEntry
from wildsim.scenario.series import with_series

S = TypeVar("S", bound=Sections)


def build(model: type[S], document: Document) -> S:
    """Return the scenario or overlay that `document` describes.

    Raises:
        InputError: It does not; the message names file, line and remedy of each mistake.
    """
    data = document.data
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise document.place(()).error("a scenario is a mapping, such as 'months: 240'.")
    data = _flat_parameters(_without_nothing(data))
    mistakes = Mistakes(document)
    _check_keys(data, model, (), mistakes)
    _check_policies(data, mistakes)
    if data.get("minds"):
        _minds().check_entries(data["minds"], mistakes)
    _check_known(data, model, mistakes)
    try:
        built = model.model_validate(data)
    except ValidationError as error:
        _note(error, (), data, mistakes)
        mistakes.raise_any()
        raise
    mistakes.raise_any()
    if isinstance(built, Scenario):
        read = with_series(built.sensors, document, built.months, mistakes.add)
        mistakes.raise_any()
        built = built.model_copy(update={"sensors": read})
        _check_whole(built, mistakes)
        mistakes.raise_any()
    return built


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    """Drop sections left empty (`policies:` with nothing below it), which mean their default."""
    return {key: value for key, value in data.items() if value is not None}


def _flat_parameters(data: dict[str, Any]) -> dict[str, Any]:
    """Accept `parameters: {labour: {separation_rate: 0.02}}` beside the dotted form."""
    given = data.get("parameters")
    if not isinstance(given, dict):
        return data
    flat: dict[str, Any] = {}
    for name, value in given.items():
        inner = {f"{name}.{key}": item for key, item in value.items()} if isinstance(value, dict) else {name: value}
        flat |= inner
    return {**data, "parameters": flat}


def _check_keys(data: dict[str, Any], model: type[BaseModel], path: KeyPath, mistakes: Mistakes) -> None:
    """Note every key that `model` does not know, here and below."""
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, value in data.items():
        if key not in known:
            extra = list(POLICIES) if path[:1] == ("policies",) and len(path) == 2 else []
            near = did_you_mean(str(key), [*known, *extra])
            mistakes.add((*path, key), f"unknown key '{_short(key)}'{_inside(path)}.{near}")
            continue
        inner = _model_of(known[key].annotation)
        if inner is not None and isinstance(value, dict) and not getattr(inner, "by_name", False):
            _check_keys(value, inner, (*path, key), mistakes)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model class in an annotation such as `Where | None`, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := _model_of(part))), None)
    return None


def _check_policies(data: dict[str, Any], mistakes: Mistakes) -> None:
    """Check every policy by the model of its kind, so that messages speak of that kind alone."""
    entries = data.get("policies", [])
    if not isinstance(entries, list):
        mistakes.add(("policies",), "policies is not a list; start each policy with '- {kind: ...}'.")
        return
    for index, entry in enumerate(entries):
        path = ("policies", index)
        if isinstance(entry, dict):
            _check_policy(entry, path, mistakes)
        elif isinstance(entry, str) and entry in POLICIES:
            mistakes.add(path, f"policies[{index}] is '{entry}'; write {{kind: {entry}}}.")
        else:
            mistakes.add(path, f"policies[{index}] is {_short(entry)}; it must be a mapping, such as {{kind: vat}}.")


def _check_policy(entry: dict[str, Any], path: KeyPath, mistakes: Mistakes) -> None:
    kind = entry.get("kind")
    name = f"policies[{path[1]}]"
    if kind is None:
        fields = {field.alias or name for _, model in POLICIES.items() for name, field in model.model_fields.items()}
        wrong = [key for key in entry if key not in fields and did_you_mean(key, POLICIES)]
        if wrong:
            mistakes.add((*path, wrong[0]), f"unknown key '{wrong[0]}' in {name}.{did_you_mean(wrong[0], POLICIES)}")
        else:
            mistakes.add(path, f"{name} has no kind. List them: wildsim list policies")
        return
    if not isinstance(kind, str) or kind not in POLICIES:
        near = did_you_mean(str(kind), POLICIES)
        mistakes.add(
            (*path, "kind"), f"unknown kind '{_short(kind)}' in {name}.{near} List them: wildsim list policies"
        )
        return
    model = POLICIES[kind]
    before = len(mistakes)
    _check_keys(entry, model, path, mistakes)
    if len(mistakes) > before:
        return
    try:
        model.model_validate(entry)
    except ValidationError as error:
        _note(error, path, entry, mistakes)


def _check_known(data: dict[str, Any], model: type[Sections], mistakes: Mistakes) -> None:
    """Note names of sectors, shocks and indicators that there are not."""
    _check_names(data.get("sectors"), "sectors", tuple(SECTORS), "sector", mistakes)
    if model is OverlaySections:
        _check_names(data.get("shocks"), "shocks", tuple(Shocks.model_fields), "shock", mistakes)
    for section, names in _indicator_sections(data):
        for path, name in names:
            if name not in indicator_names():
                mistakes.add(
                    path, f"unknown indicator '{_short(name)}' in {section}.{did_you_mean(name, indicator_names())}"
                )


def _check_names(given: Any, section: str, known: tuple[str, ...], what: str, mistakes: Mistakes) -> None:
    for name in given if isinstance(given, dict) else ():
        if name not in known:
            near = did_you_mean(str(name), known) or f" Known: {', '.join(known)}."
            mistakes.add((section, name), f"unknown {what} '{_short(name)}'.{near}")


def _indicator_sections(data: dict[str, Any]) -> Iterator[tuple[str, list[tuple[KeyPath, str]]]]:
    """Yield the sections that name indicators, with the path of each name."""
    for section in ("sensors", "reward"):
        given = data.get(section)
        if isinstance(given, dict):
            options = OPTIONS if section == "reward" else ()
            named: list[tuple[KeyPath, str]] = [((section, name), name) for name in given if name not in options]
            for name, entry in given.items():
                if section == "reward" and isinstance(entry, dict) and isinstance(entry.get("per"), str):
                    named.append(((section, name, "per"), entry["per"]))
            yield section, named
    evaluation = data.get("evaluation")
    for part, names in evaluation.items() if isinstance(evaluation, dict) else ():
        if part in ("validation", "sealed") and isinstance(names, list):
            yield "evaluation", [(("evaluation", part, i), str(name)) for i, name in enumerate(names)]


def _minds() -> types.ModuleType:
    """Return what checks minds; it knows the society's tables, and a scenario without minds loads without them."""
    return importlib.import_module("wildsim.scenario.check_minds")


def indicator_names() -> list[str]:
    """Return the indicators of this release."""
    return list(getattr(importlib.import_module("wildsim.indicators"), "INDICATORS", ()))


def _check_whole(scenario: Scenario, mistakes: Mistakes) -> None:
    """Check what one field alone cannot show."""
    people, regions = scenario.society.people, scenario.society.regions
    if people < regions * MIN_PEOPLE_PER_REGION:
        most = max(people // MIN_PEOPLE_PER_REGION, 1)
        message = f"regions is {regions}; {people:,} people allow {most} at most ({MIN_PEOPLE_PER_REGION} each)."
        mistakes.add(("society", "regions"), message)
    on = scenario.sectors_on
    for name in sorted(on):
        for other in NEEDS.get(name, ()):
            if other not in on:
                mistakes.add(("sectors", name), f"the sector '{name}' needs '{other}': sectors: {{{other}: true}}.")
    if scenario.shocks.energy_price and "climate" not in on:
        message = "the shock 'energy_price' needs the climate sector: sectors: {climate: true}."
        mistakes.add(("shocks", "energy_price"), message)
    for index, policy in enumerate(scenario.policies):
        _check_regions(getattr(policy, "where", None), ("policies", index, "where"), regions, mistakes)
    _check_sensors(scenario, mistakes)
    check_evaluation(scenario, mistakes.add)
    for index, entry in enumerate(scenario.minds):
        _check_regions(entry.where, ("minds", index, "where"), regions, mistakes)
        _minds().check_entry(entry, ("minds", index), on, mistakes)
    try:
        known = load_parameters(scenario.society.country)
    except InputError as error:
        mistakes.add(("society", "country"), str(error))
        return
    for name, value in scenario.parameters.items():
        problem = override_problem(known, name, value) or _list_problem(name, value)
        if problem:
            path = ("parameters", name)
            if path not in mistakes.document.places:
                path = ("parameters", *name.split(".", 1))  # type: ignore[assignment]
            mistakes.add(path, problem)


def _list_problem(name: str, value: Any) -> str | None:
    """Return what is wrong with a list as a whole: shares of nothing, bounds that do not rise."""
    if not isinstance(value, list) or not all(isinstance(v, int | float) for v in value):
        return None
    if name.endswith("_shares") and not sum(value) > 0:
        return f"{name} adds up to {sum(value):g}; shares must add up to more than 0."
    if name.endswith("_bounds") and any(low >= high for low, high in pairwise(value)):
        return f"{name} is {value}; the bounds must rise."
    return None


def _check_sensors(scenario: Scenario, mistakes: Mistakes) -> None:
    """Note sensors that cannot measure their indicator, and rewards that look further back than is remembered."""
    sensors = {name: entry.sensor(name) for name, entry in scenario.sensors.items()}
    for name, sensor in sensors.items():
        try:
            sensor.check(name)
        except InputError as error:
            mistakes.add(("sensors", name), str(error))
        entry = scenario.sensors[name]
        _check_refusals(entry, ("sensors", name), scenario.society.regions, mistakes)
        for index, source in enumerate(entry.reconciled.sources if entry.reconciled is not None else ()):
            _check_refusals(source, ("sensors", name, "reconciled", index), scenario.society.regions, mistakes)
    if not scenario.reward:
        return
    plain = SensorEntry().sensor()
    terms = scenario.reward.terms
    read = [name for indicator, term in terms.items() for name in (indicator, term.per) if name]
    late = max(sensors.get(name, plain).delay for name in read)
    for name, term in terms.items():
        most = sensors.get(name, plain).reach - late
        if term.of in ("change", "growth") and term.over > most:
            message = f"over is {term.over}; the reward is known {late} months late, and {most} before are remembered."
            mistakes.add(("reward", name, "over"), message)


def _check_refusals(entry: SensorEntry, path: KeyPath, regions: int, mistakes: Mistakes) -> None:
    """Note regions that the groups of a survey name and that there are not."""
    for index, group in enumerate(entry.survey.refusals if entry.survey is not None else ()):
        _check_regions(group, (*path, "survey", "refusals", index), regions, mistakes)


def _check_regions(where: Any, path: KeyPath, regions: int, mistakes: Mistakes) -> None:
    """Note regions that `where`, at `path`, names and that there are not."""
    chosen = getattr(where, "region", None)
    if chosen is None:
        return
    ends = chosen.members if chosen.members is not None else (chosen.low, chosen.high)
    for region in ends:
        if isinstance(region, bool | str) or not 0 <= region < regions or region != int(region):
            message = f"region {_short(region)} does not exist; this society has 0 to {regions - 1}."
            mistakes.add((*path, "region"), message)


def _note(error: ValidationError, parent: KeyPath, data: Any, mistakes: Mistakes) -> None:
    """Note the mistakes that pydantic found, but those at places where one was noted before."""
    for details in error.errors(include_url=False):
        path = (*parent, *_existing(tuple(details["loc"]), data))
        if not mistakes.covers(path):
            mistakes.add(path, describe(details, path))


def _existing(loc: tuple[Any, ...], data: Any) -> KeyPath:
    """Return the part of pydantic's `loc` that names places in the data; union tags and the like are dropped."""
    path: list[str | int] = []
    for step in loc:
        if (isinstance(data, dict) and step in data) or (
            isinstance(data, list | tuple) and isinstance(step, int) and step < len(data)
        ):
            path.append(step)
            data = data[step]
        elif isinstance(data, dict) and isinstance(step, str) and step == loc[-1]:
            path.append(step)
    return tuple(path)


def _name(path: KeyPath) -> str:
    """Return how messages call a value: the last word of its path with the list indices after it."""
    text = ""
    for step in path:
        text = f"{text}[{step}]" if isinstance(step, int) else step
    return text or "the file"


def _inside(path: KeyPath) -> str:
    if not path:
        return ""
    text = ""
    for step in path:
        text = f"{text}[{step}]" if isinstance(step, int) else f"{text}.{step}" if text else step
    return f" in {text}"


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, int | str) else repr(value)
    text = {"True": "true", "False": "false", "None": "empty", "": "''"}.get(text, text)
    text = text.replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "..."


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "greater_than_equal": lambda c: f"it must be {_short(c['ge'])} or more.",
    "greater_than": lambda c: f"it must be above {_short(c['gt'])}.",
    "less_than_equal": lambda c: f"it must be {_short(c['le'])} or less.",
    "less_than": lambda c: f"it must be below {_short(c['lt'])}.",
    "int_type": lambda c: "it must be a whole number.",
    "int_from_float": lambda c: "it must be a whole number.",
    "float_type": lambda c: "it must be a number.",
    "finite_number": lambda c: "it must be a finite number.",
    "bool_type": lambda c: "it must be true or false.",
    "string_type": lambda c: "it must be text; put it in quotes.",
    "string_too_long": lambda c: f"it must be {c['max_length']} characters or fewer.",
    "literal_error": lambda c: f"it must be {c['expected']}.",
    "tuple_type": lambda c: "it must be a list.",
    "list_type": lambda c: "it must be a list.",
    "dict_type": lambda c: "it must be a mapping, such as {name: value}.",
    "model_type": lambda c: "it must be a mapping, such as {name: value}.",
    "model_attributes_type": lambda c: "it must be a mapping, such as {name: value}.",
    "too_long": lambda c: f"it must hold {c['max_length']} values or fewer.",
    "too_short": lambda c: f"it must hold {c['min_length']} values or more.",
    "share": lambda c: "",
    "policy": lambda c: "",
    "minds": lambda c: "",
    "selector": lambda c: "",
    "brackets": lambda c: "",
    "sensor": lambda c: "",
    "reward": lambda c: "",
}


def describe(details: ErrorDetails, path: KeyPath) -> str:
    """Say one of pydantic's errors in the words of interface.md."""
    kind, context, value = details["type"], details.get("ctx", {}), details["input"]
    name = _name(path)
    if kind == "missing":
        if isinstance(path[-1], int):
            return f"{name} is too short: a value is missing."
        return f"'{path[-1]}' is missing{_inside(path[:-1])}."
    if kind == "extra_forbidden":
        return f"unknown key '{path[-1]}'{_inside(path[:-1])}."
    if kind in ("policy", "minds", "series"):
        return details["msg"]
    words = _WORDS[kind](context) if kind in _WORDS else ""
    if kind == "literal_error" and isinstance(value, str):
        allowed = [part.strip("'") for part in context["expected"].replace(" or ", ", ").split(", ")]
        return f"{name} is '{_short(value)}'; it must be {' or '.join(allowed)}.{did_you_mean(value, allowed)}"
    return f"{name} is {_short(value)}; {words or details['msg']}"


def overlay_sections(document: Document) -> OverlaySections:
    """Return the sections of an overlay file, checked."""
    return build(OverlaySections, document)
