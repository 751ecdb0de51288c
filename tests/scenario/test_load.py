"""Scenario files load, carry their defaults, merge with overlays, and cross processes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable

import pytest

import wildsim as ws
from wildsim.core.errors import InputError
from wildsim.indicators import INDICATORS
from wildsim.policies.benefits import UnemploymentBenefit
from wildsim.scenario.catalogue import overlay_files, scenario_files
from wildsim.scenario.load import load, load_overlay
from wildsim.scenario.schema import SECTORS, Scenario
from wildsim.scenario.template import scenario_text

Write = Callable[..., str]

TEXT = """\
name: mine
months: 24
society: {people: 2000, regions: 4}
policies:
  - kind: unemployment_benefit
    from: 12
    replacement: 0.6
    where: {region: {in: [2]}, decile: [1, 3], employed: false}
"""


def test_what_is_given_and_what_is_default(write: Write) -> None:
    story = load(write(TEXT))
    assert (story.name, story.months, story.burn_in, story.seed) == ("mine", 24, 240, 1)
    assert (story.society.country, story.society.people, story.society.regions) == ("us", 2000, 4)
    assert (story.file, story.source) == ("us.yaml", TEXT)
    benefit = story.policies[0]
    assert isinstance(benefit, UnemploymentBenefit)
    assert (benefit.from_, benefit.replacement, benefit.size) == (12, 0.6, 1.0)
    assert benefit.where is not None
    assert list(benefit.where.selectors()) == ["region", "decile", "employed"]


def test_an_empty_file_is_all_defaults(write: Write) -> None:
    story = load(write(""))
    assert story.name == "us"
    assert story.model_copy(update={"name": ""}).model_dump() == Scenario().model_dump()


def test_empty_sections_mean_their_default(write: Write) -> None:
    assert load(write("policies:\nsociety:\nminds: []\nreward: {}\nllm:\n")).policies == ()


def test_resolved_is_json_and_loads_again(write: Write) -> None:
    story = load(write(TEXT))
    resolved = story.resolved()
    assert json.loads(json.dumps(resolved, allow_nan=False)) == resolved
    assert load(write(json.dumps(resolved), "again.yaml")).resolved() == resolved


def test_every_parameter_is_in_the_resolved_scenario(write: Write) -> None:
    from wildsim.core.parameters import load_parameters

    assert set(load(write(TEXT)).resolved()["parameters"]) == set(load_parameters("us"))


def test_scenarios_cross_processes(write: Write) -> None:
    story = load(write(TEXT))
    again = pickle.loads(pickle.dumps(story))
    assert again == story
    assert (again.file, again.source) == (story.file, story.source)
    assert again.with_overlay(load_overlay("no_change")).policies[-1].kind == "no_change"


def test_a_scenario_is_frozen(write: Write) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(write(TEXT)).months = 3  # type: ignore[misc]


def test_overrides(write: Write) -> None:
    file = write(TEXT)
    story = load(
        file,
        ["society.people=1000", "policies.0.replacement=.5", "policies[0].from=6", "shocks.matching=true", "burn_in=0"],
    )
    assert (story.society.people, story.burn_in, story.shocks.matching) == (1000, 0, True)
    assert story.policies[0].from_ == 6
    assert story.policies[0].replacement == 0.5  # type: ignore[attr-defined]
    assert load(write("", "empty.yaml"), ["society.people=500"]).society.people == 500
    assert load(file, ["policies=[]"]).policies == ()


def test_parameters_by_dotted_name_or_nested(write: Write) -> None:
    from wildsim.core.parameters import load_parameters

    name, item = next((n, p) for n, p in load_parameters("us").items() if isinstance(p.value, float))
    group, key = name.split(".", 1)
    dotted = load(write(f"parameters: {{{name}: {item.value!r}}}"))
    nested = load(write(f"parameters:\n  {group}:\n    {key}: {item.value!r}\n"))
    by_option = load(write(""), [f"parameters.{name}={item.value!r}"])
    assert dotted.parameters == nested.parameters == by_option.parameters == {name: item.value}


def test_overlays_append_lists_and_merge_mappings(write: Write) -> None:
    story = load(write(TEXT + "shocks: {productivity: false, demand: false}\n"))
    overlay = load_overlay(
        write("name: more\nshocks: {demand: true}\npolicies: [{kind: vat, rate: .1}]\n", "policies/x.yaml")
    )
    both = story.with_overlay(overlay)
    assert [policy.kind for policy in both.policies] == ["unemployment_benefit", "vat"]
    assert (both.shocks.productivity, both.shocks.demand) == (False, True)
    assert (overlay.name, both.name, both.months) == ("more", "mine", 24)
    assert [policy.kind for policy in story.policies] == ["unemployment_benefit"]


def test_an_overlay_on_a_scenario_built_in_memory() -> None:
    story = Scenario.model_validate({"months": 3, "policies": [{"kind": "vat", "rate": 0.1}]})
    assert [p.kind for p in story.with_overlay(load_overlay("no_change")).policies] == ["vat", "no_change"]


def test_an_overlay_takes_its_name_from_the_file(write: Write) -> None:
    assert load_overlay(write("policies: [{kind: vat, rate: .1}]\n", "high_vat.yaml")).name == "high_vat"


def test_mistakes_of_an_overlay_name_its_own_lines(write: Write) -> None:
    story = load(write(TEXT))
    file = write("policies:\n  - kind: vat\n    rate: .2\n    from: 3\n    until: 2\n", "late.yaml")
    with pytest.raises(InputError, match=r"^late\.yaml:2  until is 2"):
        load_overlay(file)
    file = write("policies:\n  - {kind: rebate, usd: 3, where: {region: 9}}\n", "far.yaml")
    with pytest.raises(InputError, match=r"^far\.yaml:2  region 9 does not exist; this society has 0 to 3"):
        story.with_overlay(load_overlay(file))
    file = write("parameters:\n  labour.no_such_thing: 3\n", "odd.yaml")
    with pytest.raises(InputError, match=r"^odd\.yaml:2  unknown parameter"):
        story.with_overlay(load_overlay(file))


def test_bare_names_find_the_catalogue(write: Write) -> None:
    write("months: 7\n", "scenarios/tiny.yaml")
    write("policies: [{kind: vat, rate: .1}]\n", "scenarios/policies/dear.yaml")
    assert load("tiny").months == 7
    assert load("tiny.yaml").months == 7
    assert load_overlay("dear").policies[0].kind == "vat"


def test_policies_after_the_end_are_noted(write: Write) -> None:
    assert "starts in month 12; the run ends with month 5" in load(write(TEXT), ["months=6"]).warnings()[0]
    assert load(write(TEXT)).warnings() == []


def test_the_template_is_the_default_scenario(write: Write) -> None:
    for name in ("mine", "12", "null", "a-b", "yes: no"):
        story = load(write(scenario_text(name)))
        assert story.name == name
        assert story.sectors == dict.fromkeys(SECTORS, False)  # named, so that a reader knows of them
        assert story.resolved() | {"name": "", "about": "", "sectors": {}} == Scenario().resolved()


def test_the_minds_of_the_template_can_be_taken_as_they_are(write: Write) -> None:
    head, _, minds = scenario_text("mine").partition("minds: []")
    taken = minds.replace("#  - {", "  - {").replace("# llm", "llm")
    story = load(write(f"{head}minds:{taken}"))
    assert [entry.mind for entry in story.minds] == ["llm", "llm", "human"]
    assert story.llm.budget_usd == 5.0


@pytest.mark.parametrize("file", [str(file) for file in scenario_files()])
def test_shipped_scenarios_load(file: str) -> None:
    assert load(file).about


@pytest.mark.parametrize("file", [str(file) for file in overlay_files()])
def test_shipped_overlays_load_and_fit(file: str) -> None:
    overlay = load_overlay(file)
    assert overlay.about
    measured = {INDICATORS[name].sector for name in overlay.sections.sensors} - {""}
    story = Scenario(sectors=dict.fromkeys(measured, True))
    assert len(story.with_overlay(overlay).policies) == len(overlay.policies)


def test_the_public_face_leads_here() -> None:
    assert ws.load is load
    assert ws.Scenario is Scenario
    assert "load" in dir(ws)
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        ws.lod  # noqa: B018
