"""What is read from a model's text, and what never is."""

from __future__ import annotations

import json
import math
import random

import pytest

from tests.minds.language.asking import FIELDS, PRICE, RIGHT, RULE, SHARE, STAFF, TRAIN
from wildsim.minds.block import FENCE, field_block
from wildsim.minds.language.answers import read, schema_of, token_spans
from wildsim.minds.language.backends.chaos import FORMS
from wildsim.minds.mind import Field

EXACT = Field("x", "USD", "", 0.1 + 0.2, 1e9 / 3, False, 2 / 3 * 1e5)


def _block(text: str) -> dict[str, dict[str, object]]:
    assert text.startswith(FENCE + "\n")
    assert text.endswith("\n```")
    return json.loads(text.removeprefix(FENCE).removesuffix("```"))  # type: ignore[no-any-return]


def test_block_tells_bounds_unit_meaning_and_the_rule() -> None:
    block = _block(field_block(FIELDS))
    assert list(block) == [field.name for field in FIELDS]
    assert block["price"] == {
        "low": 0,
        "high": 100,
        "rule_of_thumb": 12.5,
        "unit": "USD",
        "whole": False,
        "about": "Price of a unit",
    }
    assert block["rule"]["choices"] == list(RULE.choices)
    assert block["rule"]["rule_of_thumb"] == RULE.rule


def test_block_hides_the_rule() -> None:
    assert "rule_of_thumb" not in field_block(FIELDS, show_rule=False)


def test_exact_block_carries_every_bit_and_the_other_four_digits() -> None:
    exact, rounded = _block(field_block([EXACT], exact=True))["x"], _block(field_block([EXACT]))["x"]
    assert (exact["low"], exact["high"], exact["rule_of_thumb"]) == (EXACT.low, EXACT.high, EXACT.rule)
    assert rounded["rule_of_thumb"] == 66670


def test_block_has_null_for_no_bound_and_leaves_an_unknown_rule_out() -> None:
    block = _block(field_block([Field("x", "", "", -math.inf, math.inf, False, math.nan)]))["x"]
    assert block["low"] is None
    assert "rule_of_thumb" not in block


def test_schema_is_strict_and_the_same_for_all_agents_of_a_role() -> None:
    schema = schema_of(FIELDS)
    assert schema["additionalProperties"] is False
    assert schema["required"] == [*RIGHT, "why"]
    assert schema["properties"]["rule"]["enum"] == list(RULE.choices)
    other = [Field(f.name, f.unit, f.doc, f.low, f.high + 1, f.whole, f.rule + 1, f.choices) for f in FIELDS]
    assert schema_of(other) is schema


PLAIN = '{"price": 12.5, "staff": 7, "dividend": 0.25, "train": 1, "rule": 1, "why": "so"}'


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"Here you are:\n\n{PLAIN}\n\nGood luck {{with it}}!",
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}\n```",
        f"<think>First I thought of {{'price': 3}}, but no.</think>{PLAIN}",
        PLAIN.replace("{", "{ // mine\n", 1)
        .replace('"staff"', '/* hands */ "staff"')
        .replace('"why"', '# last\n"why"'),
        PLAIN.replace("}", ",}"),
        PLAIN.replace('"', "'"),
        '{price: 12.5, staff: 7, dividend: .25, train: True, rule: 1, why: "so"}',
        '{"decision": ' + PLAIN + "}",
        "[" + PLAIN + "]",
        '{"price": "12.50 USD", "staff": "7", "dividend": "25 %", "train": true, "rule": "most liked", "why": "so"}',
        '{"price": "$12.5", "staff": 7.0, "dividend": "0.25", "train": "yes", "rule": "Most_Liked", "why": "so"}',
        PLAIN + "\n" + PLAIN,
        "\ufeff" + PLAIN,
        PLAIN + " \ud800",
    ],
)
def test_right_answers_are_read_in_every_dress(text: str) -> None:
    reading = read(text, FIELDS)
    assert reading.values == RIGHT, reading.problems
    assert reading.usable
    assert reading.why == "so"
    for name, (start, end) in reading.spans.items():
        assert read("{" + json.dumps(name) + ": " + text[start:end] + "}", FIELDS).values == {name: RIGHT[name]}
    assert set(reading.spans) == set(RIGHT)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("I would rather not say.", "no whole JSON object"),
        (PLAIN[:30], "no whole JSON object"),
        ("{}", "none of the fields"),
        ('{"why": "so"}', "none of the fields"),
        ('{"prices": 3}', "none of the fields"),
        ("[1, 2, 3]", "no whole JSON object"),
        ("12.5", "no whole JSON object"),
        ('{"price": NaN}', "not a finite number"),
        ('{"price": Infinity}', "not a finite number"),
        ('{"price": -inf}', "not a finite number"),
        ('{"price": 1e999}', "not a finite number"),
        ('{"price": ' + "9" * 5000 + "}", "not a finite number"),
        ('{"price": null}', "is null"),
        ('{"price": [3]}', "is a list"),
        ('{"price": {"value": 3}}', "none of the fields"),
        ('{"price": true}', "is true"),
        ('{"price": "cheap"}', "'cheap'"),
        ('{"price": "12 EUR"}', "unit is USD"),
        ('{"price": "12k"}', "unit is USD"),
        ('{"price": "5 %"}', "unit is USD"),
        ('{"price": "10-20"}', "'10-20'"),
        ('{"price": "1,2,3"}', "more than one way"),
        ('{"price": ""}', "''"),
        ('{"rule": "oldest"}', "one of newest, most liked, friends first"),
        ('{"price": 1, "price": 2}', "given twice"),
        ('{"price": 1} or rather {"price": 2}', "several JSON objects"),
        ("{'price': __import__('os').abort()}", "no whole JSON object"),
        ('{"price": 1+1}', "no whole JSON object"),
        ('{"price": 0x10}', "no whole JSON object"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, problem: str) -> None:
    reading = read(text, FIELDS)
    assert not reading.usable
    assert problem in " ".join(reading.problems)


def test_one_unreadable_field_spoils_the_answer_but_a_missing_one_does_not() -> None:
    assert not read('{"price": 3, "staff": "many"}', FIELDS).usable
    left_out = read('{"price": 3}', FIELDS)
    assert left_out.usable
    assert left_out.values == {"price": 3.0}
    assert left_out.problems == ("Left out: staff, dividend, train, rule.",)


def test_out_of_bounds_is_kept_as_proposed_and_said() -> None:
    reading = read('{"price": 1e30, "staff": 3.5, "dividend": 0.1, "train": 0, "rule": 0}', FIELDS)
    assert reading.usable
    assert reading.values["price"] == 1e30
    assert reading.values["staff"] == 3.5
    assert reading.problems == ("price is 1e+30; it must be from 0 to 100.", "staff is 3.5; it must be a whole number.")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "1,234,567", 1234567.0),
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "1,234.5 USD", 1234.5),
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "1.234.567,5", 1234567.5),
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "1 234 567", 1234567.0),
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "0,5", 0.5),
        (Field("x", "USD", "", 0.0, 1e7, False, 0.0), "1,234", None),
        (Field("x", "USD", "", 100.0, 1e7, False, 0.0), "1,234", 1234.0),
        (Field("x", "USD", "", 0.0, 10.0, False, 0.0), "1,234", 1.234),
        (Field("x", "USD/month", "", 0.0, 1e7, False, 0.0), "1200 USD per month", 1200.0),
        (Field("x", "% a year", "", 0.0, 1e7, False, 0.0), "5%", 5.0),
        (SHARE, "5 percent", 0.05),
        (PRICE, "-3", -3.0),
        (PRICE, "+1.5e1", 15.0),
        (STAFF, "12 people", 12.0),
        (TRAIN, "no", 0.0),
    ],
)
def test_numbers_as_text_are_read_where_they_mean_one_thing(field: Field, text: str, value: float | None) -> None:
    values = read(json.dumps({field.name: text}), [field]).values
    assert values.get(field.name) == pytest.approx(value) if value is not None else values == {}


SIGNED = Field("x", "USD", "", -5.0, 2000.0, False, 0.0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\u22125", -5.0),
        ("\u22121,234.5", -1234.5),
        ("$ \u22125", -5.0),
        ("1e\u22122", 0.01),
        ("\u20135", -5.0),
        ("$5", 5.0),
        ("US$ 5", 5.0),
        ("5 USD", 5.0),
        ("5", 5.0),
    ],
)
def test_a_minus_is_a_minus_however_it_is_written(text: str, value: float) -> None:
    assert read(json.dumps({"x": text}), [SIGNED]).values == {"x": value}


@pytest.mark.parametrize(
    "text",
    (
        "\u2013 5|\u2212 5|USD \u20135|3\u20135|(5)|($5)|5-|5\u2212|~5|<5|>5|\u2264 2|\u00ac5|!5|#5|=5|\u00b15|\uff0d5|"
        "\u20105|\u20145|--5|\u2212-5|-$5|5!|5?|5*|*5|5\u00bd|\u00a55|5/USD|minus 5|[5]|\u202e5|\u27965|about 5|"
        "\u22645"
    ).split("|"),
)
def test_a_mark_that_may_change_a_number_is_asked_about(text: str) -> None:
    reading = read(json.dumps({"x": text}), [SIGNED])
    assert reading.values == {}
    assert not reading.usable


def test_reason_is_one_printable_line_of_bounded_length() -> None:
    reading = read(json.dumps({"price": 1, "why": "a\x1b[31m\n<b> " + "long " * 500}), FIELDS)
    assert reading.why.startswith("a[31m <b> long")
    assert len(reading.why) <= 280
    assert reading.why.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        '{"a":' * 200_000,
        "{" * 100_000,
        '{"price": [' * 50_000,
        '{"a": "' + "\\" * 99_000,
        "{'a" * 40_000,
        "{/*" * 40_000,
        '{"a":[' + "1," * 49_000,
        ('{"a":[' + "1," * 180) * 256,
        '{"price": "' + "1," * 45_000 + '"}',
        " " * 100_000 + "{",
        "<think>" * 15_000,
        "<think></think>" * 7_000,
    ],
)
def test_monsters_are_read_in_bounded_time(text: str) -> None:
    """A reader that looks at everything again and again would take hours here."""
    assert not read(text, FIELDS).usable


def test_what_is_too_tangled_is_given_up() -> None:
    assert "too tangled" in read(('{"a":[' + "1," * 180) * 256, FIELDS).problems[0]


def test_answer_behind_a_megabyte_is_not_read_and_that_is_said() -> None:
    reading = read("x" * 1_000_000 + PLAIN, FIELDS)
    assert not reading.usable
    assert "Only the first 100,000 of" in reading.problems[0]
    assert read(PLAIN + "x" * 1_000_000, FIELDS).values == RIGHT


def _fuzzed(number: int) -> str:
    """Return an answer spoilt at random: in a wrong form, cut, mixed with pieces that parsers stumble over."""
    chance = random.Random(number)
    right = {name: chance.choice([value, value * 10.0 ** chance.randint(-300, 300)]) for name, value in RIGHT.items()}
    text = json.dumps(right)
    if chance.random() < 0.5:
        text = chance.choice(list(FORMS.values()))(text)[:2000]
    pieces = [
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ",",
        ":",
        "NaN",
        "-Infinity",
        "1e999",
        "null",
        "//",
        "/*",
        "#",
        "\\u12",
        "\x00",
    ]
    pieces += [
        "\ud800",
        "%",
        "1,2",
        "```json decide",
        "price",
        "{'price': ",
        "True",
        "9" * 400,
        "\u0663",
        "\u00bd",
        "\uff10",
    ]
    for _ in range(chance.randint(0, 6)):
        place = chance.randint(0, len(text))
        cut = chance.randint(0, 8) if chance.random() < 0.5 else 0
        text = text[:place] + chance.choice(pieces) + text[place + cut :]
    return text


def test_ten_thousand_fuzzed_answers_give_finite_numbers_or_none() -> None:
    usable = 0
    for number in range(10_000):
        text = _fuzzed(number)
        reading = read(text, FIELDS)
        usable += reading.usable
        assert all(type(value) is float and math.isfinite(value) for value in reading.values.values()), text
        assert set(reading.values) <= set(RIGHT)
        assert reading.usable or reading.problems, text
        assert all(0 <= start < end <= len(text) for start, end in reading.spans.values()), text
    assert 1_000 < usable < 9_000  # both kinds are among them


def test_tokens_of_each_field_are_found_without_tokenising() -> None:
    tokens = ('{"', "price", '":', " 1", "2", ".5", ',"', "staff", '": ', "7", "}", "")
    text = "".join(tokens)
    spans = read(text, FIELDS).spans
    found = token_spans(spans, text, tokens)
    assert found == {"price": (3, 6), "staff": (9, 10)}
    assert token_spans(spans, text, tokens[:-2]) == {}
    threes = [text[start : start + 3] for start in range(0, len(text), 3)]  # whatever they cut
    for name, (first, after) in token_spans(spans, text, threes).items():
        held = "".join(threes[first:after])
        assert text[slice(*spans[name])] in held
        assert len(held) < spans[name][1] - spans[name][0] + 6
