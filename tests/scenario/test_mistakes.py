"""Every mistake that a person would make is answered with file, line and remedy, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wildsim.core.errors import InputError
from wildsim.scenario.load import load, load_overlay

Write = Callable[..., str]
TAB = "not valid YAML: a tab indents this line; use spaces."


def said(file: str, *overrides: str) -> str:
    with pytest.raises(InputError) as caught:
        load(file, overrides)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name: us\npolicies:\n  - {incom_tax: {rate: .3}}\n",
            "us.yaml:3  unknown key 'incom_tax' in policies[0]. Did you mean 'income_tax'?",
        ),
        ("\nmonths: 0\n", "us.yaml:2  months is 0; it must be 1 or more."),
        ("\n\npolicies: [{kind: vat,\n  rate: 30}]\n", "us.yaml:4  rate is 30; it is a share. Write 0.30 for 30 %."),
        (
            "name: us\nsociety:\n    people: 30\n\tregions: 1\n",
            f"us.yaml:4:1  {TAB}",
        ),
        (
            "society:\n    \tpeople: 30\n    \tregions: 1\n",
            f"us.yaml:2:5  {TAB}",
        ),
    ],
)
def test_the_list_of_the_interface(write: Write, text: str, message: str) -> None:
    assert said(write(text)) == message


def test_a_missing_file_gets_the_nearest(write: Write) -> None:
    write("", "scenarios/us.yaml")
    assert said("scenarios/uss.yaml") == (
        "No file 'scenarios/uss.yaml'. Near: scenarios/us.yaml. List them: wildsim list scenarios"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("month: 3", "us.yaml:1  unknown key 'month'. Did you mean 'months'?"),
        ("society: {peple: 3}", "us.yaml:1  unknown key 'peple' in society. Did you mean 'people'?"),
        ("society: 3", "society is 3; it must be a mapping"),
        ("society: {people: 3}", "people is 3; it must be 20 or more."),
        ("society: {people: 1.5}", "people is 1.5; it must be a whole number."),
        ("society: {people: 1_000_000_000}", "it must be 100000000 or less."),
        ("society: {people: many}", "people is many; it must be a whole number."),
        ("society: {people: 100, regions: 8}", "regions is 8; 100 people allow 5 at most"),
        ("society: {regions: 0}", "regions is 0; it must be 1 or more."),
        ("society: {country: atlantis}", "country is 'atlantis'; known: us."),
        ("seed: one", "seed is one; it must be a whole number."),
        ("seed: -1", "seed is -1; it must be 0 or more."),
        ("seed: true", "seed is true; it must be a whole number."),
        ("burn_in: -1", "burn_in is -1; it must be 0 or more."),
        ("months: 10000000000000000000000000", "months is 10000000000000000000000000; it must be 120000 or less."),
        ("name: 3", "name is 3; it must be text"),
        ("behaviour: rule", "behaviour is 'rule'; it must be rules or random or shuffled. Did you mean 'rules'?"),
        ("shocks: {demnd: true}", "unknown key 'demnd' in shocks. Did you mean 'demand'?"),
        ("shocks: {demand: yes}", "demand is yes; it must be true or false."),
        ("shocks: {energy_price: true}", "needs the climate sector: sectors: {climate: true}."),
        ("sectors: {education: true}", "the sector 'education' needs 'demography': sectors: {demography: true}."),
        ("sectors: {crme: false}", "unknown sector 'crme'. Did you mean 'crime'?"),
        ("sectors: [crime]", "it must be a mapping"),
        ("minds: [{role: firm_manger}]", "unknown role 'firm_manger' in minds[0]. Did you mean 'firm_manager'?"),
        ("minds: [{mind: llm}]", "minds[0] has no role. List them: wildsim list roles"),
        ("minds: {role: platform}", "minds is not a list; start each entry with '- {role: ...}'."),
        ("minds: [{role: platform}]", "the role 'platform' needs the culture sector: sectors: {culture: true}."),
        ("minds: [{role: firm_manager, temprature: 1}]", "unknown key 'temprature' in minds[0]. Did you mean"),
        ("minds: [{role: firm_manager, count: 3, share: .5}]", "give count or share, not both."),
        ("minds: [{role: firm_manager, share: 30}]", "share is 30; it is a share. Write 0.30 for 30 %."),
        ("minds: [{role: firm_manager, share: 1.5}]", "share is 1.5; it is a share. Write 0.015 for 1.5 %."),
        ("minds: [{role: firm_manager, where: {decile: 0}}]", "there is no 0; deciles are 1 to 10."),
        ("policies: [{kind: rebate, where: {sex: 2}}]", "there is no 2; 1 is for women, 0 for men."),
        ("minds: [{role: firm_manager, decides: [prise]}]", "decides no 'prise' here. Did you mean 'price'?"),
        ("minds: [{role: household_member, decides: [study]}]", "It needs the education sector"),
        ("minds: [{role: central_banker, where: {region: 0}}]", "can be chosen not by `where`."),
        ("minds: [{role: firm_manager, letters: 2}]", "letters go along the ties of people"),
        ("minds: [{role: firm_manager, archetypes: {groups: 3, by: [stuff]}}]", "firms have no column 'stuff'."),
        (
            "minds: [{role: firm_manager, api_base: 'file:///etc/passwd'}]",
            "us.yaml:1  api_base must begin with http",
        ),
        ("minds: [{role: firm_manager, api_base: 'http://[::1'}]", "us.yaml:1  api_base is no address."),
        (
            "minds: [{role: firm_manager, api_base: 'http://localhost:99999/v1'}]",
            "api_base has a port that is no number",
        ),
        (
            "minds: [{role: firm_manager, api_base: 'http://localhost:0/v1'}]",
            "api_base has a port that is no number",
        ),
        ("minds: [{role: firm_manager, api_base: 'http:///v1'}]", "api_base names no host."),
        (
            "minds: [{role: firm_manager, api_base: 'http://me:secret@host/v1'}]",
            "holds a user or a password",
        ),
        ("minds: [{role: firm_manager, model: ''}]", "us.yaml:1  model names no model"),
        ("minds: [{role: firm_manager, mix: {'': 1}}]", "us.yaml:1  mix names no model"),
        ("minds: [{role: firm_manager, mind: replay}]", "mind: replay needs run, the folder of an earlier run."),
        ("minds: [{role: firm_manager, mix: {a: .5, b: .4}}]", "the shares of mix sum to 0.9; they must sum to 1."),
        ("llm: {budget: 2}", "unknown key 'budget' in llm."),
        ("llm: {on_budget: ignore}", "on_budget is 'ignore'; it must be stop or fallback."),
        ("evaluation: {budget: 2}", "unknown key 'budget' in evaluation"),
        ("parameters: {labour.nothing_of_this: 3}", "unknown parameter 'labour.nothing_of_this'"),
        ("parameters: 3", "parameters is 3; it must be a mapping"),
        ("policies: {kind: vat}", "policies is not a list"),
        ("policies: [vat]", "policies[0] is 'vat'; write {kind: vat}."),
        ("policies: [3]", "policies[0] is 3; it must be a mapping"),
        ("policies: [{rate: 3}]", "policies[0] has no kind. List them: wildsim list policies"),
        ("policies: [{kind: incom_tax}]", "unknown kind 'incom_tax' in policies[0]. Did you mean 'income_tax'?"),
        ("policies: [{kind: 3}]", "unknown kind '3' in policies[0]."),
        ("policies: [{kind: [vat]}]", "unknown kind"),
        ("policies: [{kind: carbon_tax}]", "'usd_per_tonne' is missing in policies[0]."),
        ("policies: [{kind: police, chang: .1}]", "unknown key 'chang' in policies[0]. Did you mean 'change'?"),
        ("policies: [{kind: vat}]", "'rate' is missing in policies[0]."),
        ("policies: [{kind: vat, rat: .2}]", "unknown key 'rat' in policies[0]. Did you mean 'rate'?"),
        ("policies: [{kind: vat, rate: -0.2}]", "rate is -0.2; it is a share, from 0 to 1."),
        ("policies: [{kind: vat, rate: .nan}]", "rate is nan; it must be a finite number."),
        ("policies: [{kind: vat, rate: '.1'}]", "rate is .1; it must be a number."),
        ("policies: [{kind: vat, rate: .1, from_: 2}]", "unknown key 'from_' in policies[0]. Did you mean 'from'?"),
        ("policies: [{kind: vat, rate: .1, from: -2}]", "from is -2; it must be 0 or more."),
        ("policies: [{kind: vat, rate: .1, from: 5, until: 5}]", "until is 5; it must be later than from, 5."),
        ("policies: [{kind: income_tax}]", "income_tax needs exactly one of rate, brackets, hsv."),
        ("policies: [{kind: income_tax, rate: .1, hsv: {level: 1, progressivity: 0}}]", "needs exactly one of"),
        ("policies: [{kind: income_tax, brackets: [[5, .1]]}]", "the first bracket must start at 0 USD."),
        ("policies: [{kind: income_tax, brackets: [[0, .1], [0, .2]]}]", "the thresholds must rise"),
        ("policies: [{kind: income_tax, brackets: [[0, .1], [9]]}]", "brackets[1] is too short"),
        ("policies: [{kind: income_tax, brackets: [[0, 10]]}]", "brackets[0][1] is 10; it is a share. Write 0.10"),
        ("policies: [{kind: unemployment_benefit}]", "needs at least one of replacement, months, cap."),
        ("policies: [{kind: minimum_wage}]", "needs exactly one of level, raise."),
        ("policies: [{kind: minimum_wage, raise: 15}]", "raise is 15; it is a relative change. Write 0.15 for 15 %."),
        ("policies: [{kind: public_spending, change: 2}]", "it is a share of GDP. Write 0.02 for 2 %."),
        (
            "policies: [{kind: basic_income, usd_per_month: 9, funding: vatt}]",
            "funding is 'vatt'; it must be income_tax or vat or debt or outside. Did you mean 'vat'?",
        ),
        ("policies: [{kind: rebate, usd: 9, where: {regin: 1}}]", "unknown key 'regin' in policies[0].where"),
        ("policies: [{kind: rebate, usd: 9, where: {age: [30, 20]}}]", "the range is empty"),
        (
            "policies: [{kind: rebate, usd: 9, where: {age: [1, 2, 3]}}]",
            "a range is [low, high]; a set is {in: [a",
        ),
        ("policies: [{kind: rebate, usd: 9, where: {age: {in: []}}}]", "a range is [low, high]; a set is"),
        ("policies: [{kind: rebate, usd: 9, where: {age: old}}]", "it must be a number, [low, high], or {in: [a, b]}."),
        ("policies: [{kind: rebate, usd: 9, where: {employed: 1}}]", "employed is 1; it must be true or false."),
        ("policies: [{kind: rebate, usd: 9, where: {region: 8}}]", "region 8 does not exist; this society has 0 to 7."),
        ("- a\n- b\n", "a scenario is a mapping"),
        ("months: 3\nmonths: 4\n", "us.yaml:2  the key 'months' is given twice."),
        ("[a]: 3\n", "a key must be a word"),
        ("months: &m 3\nseed: *m\n", "an anchor (&name) is used; write the value out."),
        ("seed: *m\n", "an alias (*name) is used; write the value out."),
        (
            "name: !!python/object/apply:os.system ['true']\n",
            "a tag (!name) is used; a scenario holds",
        ),
        ("name: !include x\n", "a tag (!name) is used"),
        ("months: 3\n---\nmonths: 4\n", "a second document"),
        ("months: [3\n", "not valid YAML"),
        ("<<: {months: 3}\n", "a merge key (<<) is used"),
    ],
)
def test_a_mistake_is_said_in_words(write: Write, text: str, message: str) -> None:
    answer = said(write(text))
    assert answer.startswith("us.yaml:"), answer
    assert message in answer


def test_all_mistakes_are_said_at_once_in_the_order_of_lines(write: Write) -> None:
    lines = said(write("months: 0\nsociety: {people: 2}\nseed: x\n")).splitlines()
    assert [line.split("  ")[0] for line in lines] == ["us.yaml:1", "us.yaml:2", "us.yaml:3"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("society.people", "needs a value"),
        ("society.peple=3", "unknown key 'peple' in society. Did you mean 'people'?"),
        ("society.people=3", "people is 3; it must be 20 or more."),
        ("society.people=", "people is empty; it must be a whole number."),
        ("society.people=[", "cannot be read as a YAML value"),
        ("society.people.more=3", "leads nowhere: 'society.people' is a single value"),
        ("policies.0.rate=.1", "'policies' has 0 entries"),
        ("policies.first.rate=.1", "'policies' is a list: write policies.0"),
        ("=3", "is not a dotted path"),
        ("a..b=3", "is not a dotted path"),
        ("parameters.labour.nothing_of_this=1", "unknown parameter"),
    ],
)
def test_set_mistakes_name_the_option(write: Write, option: str, message: str) -> None:
    answer = said(write("society: {people: 2000}\n"), option)
    assert answer.startswith(f"--set {option}  "), answer
    assert message in answer


def test_policy_mistakes_name_the_option(write: Write) -> None:
    write("", "scenarios/policies/high_vat.yaml")
    for given, message in (
        ("vat", "--policy vat  the policy 'vat' needs parameters"),
        ("high_vta", "No file 'high_vta'. Near: scenarios/policies/high_vat.yaml."),
    ):
        with pytest.raises(InputError) as caught:
            load_overlay(given)
        assert message in str(caught.value)
    with pytest.raises(InputError, match="unknown key 'months'"):
        load_overlay(write("months: 3\n", "wrong.yaml"))
    with pytest.raises(InputError, match="unknown shock 'demnd'"):
        load_overlay(write("shocks: {demnd: true}\n", "wrong.yaml"))


def test_files_that_are_no_text(write: Write, tmp_path: Path) -> None:
    write("")
    Path("bad.yaml").write_bytes(b"name: ok\nabout: \xff\xfe\n")
    assert said("bad.yaml").startswith("bad.yaml:2  the text is not UTF-8")
    Path("zero.yaml").write_bytes(b"name: \x00\n")
    assert "not valid YAML" in said("zero.yaml")
    Path("big.yaml").write_bytes(b"#" * 2_000_000)
    assert "larger than 1,000,000 bytes" in said("big.yaml")
    assert "is a folder" in said(str(tmp_path))
    assert "No file" in said("a\0b")
    assert "No file" in said("x" * 5000)
    assert "No file" in said("")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 400_000,
        "{" * 400_000,
        "a: " + "[" * 40 + "]" * 40,
        "a: [" + "1," * 300_000 + "]",
        "- " * 300_000,
        "? " * 300_000,
        "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 900)),
        "x: '" + "a" * 900_000,
        'x: "' + "\\u00e9" * 150_000,
        "a: " + "9" * 900_000,
        "a: " + "_" * 900_000,
        "a: |\n" + " x\n" * 250_000,
        "%YAML 9.9\n---\na: 1\n",
        "%TAG ! tag:x,2000:\n---\na: !b 1\n",
        "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "".join(f"k{n}: {n}\n" for n in range(60_000)),
        "\ufeff\ufeffmonths: 3\n",
        "months: 3\r\nseed: \x85 4\n",
        "!" * 10_000,
        "&" * 10_000,
        "a" * 900_000,
        ": " * 400_000,
        "# " * 400_000 + "\n- - -\t- x",
    ],
    ids=range(23),
)
def test_hostile_texts_end_soon(write: Write, text: str) -> None:
    began = time.perf_counter()
    file = write(text)
    said_of_it = ""
    try:
        load(file)
    except InputError as error:
        said_of_it = str(error)
    assert len(said_of_it) < 5_000
    assert time.perf_counter() - began < 30


def test_one_look_shows_mistakes_of_keys_and_of_values(write: Write) -> None:
    minds = "minds:\n- {role: firm_managr, modle: x}\n- {role: firm_manager, count: five}\n"
    told = said(write(f"{minds}llm: {{budget_usdd: 5, tries: 0}}\n"))
    for part in ("'modle'", "'firm_managr'", "count is five", "'budget_usdd'", "tries is 0"):
        assert part in told
