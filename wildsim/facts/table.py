"""The table of facts: each beside its range, the controls beside each, and what it all comes to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wildsim.facts import FACTS, FAMILIES, Fact, measure_all
from wildsim.facts.evidence import Evidence
from wildsim.facts.ranges import NOWHERE, Country, Range
from wildsim.facts.societies import Variant

PASSES, FAILS, SAYS_NOTHING, OFF, SHOWN = "pass", "fail", "says nothing", "not modelled here", "shown"


@dataclass(frozen=True)
class Spread:
    """A fact over seeds.

    Attributes:
        values: One a seed, NaN where it cannot be computed. mean, error: Over known ones; NaN where none is, or one.
        inside: Share of seeds inside the range, those without a value outside; NaN without a range.
    """

    values: tuple[float, ...]
    mean: float
    error: float
    inside: float

    @classmethod
    def of(cls, values: Sequence[float], wanted: Range) -> Spread:
        """Return the spread of one value a seed."""
        known = np.array([value for value in values if math.isfinite(value)])
        with np.errstate(over="ignore", invalid="ignore"):  # prices of a control may leave what a float can hold
            mean = float(known.mean()) if len(known) else math.nan
            error = float(known.std(ddof=1)) / math.sqrt(len(known)) if len(known) > 1 else math.nan
        inside = float(np.mean([wanted.holds(value) for value in values])) if wanted.counted else math.nan
        return cls(tuple(values), mean, error, inside)

    def passes(self, wanted: Range) -> bool:
        """Return whether the mean lies inside; a fact that is unknown for half of the seeds does not."""
        known = sum(math.isfinite(value) for value in self.values)
        return wanted.holds(self.mean) and 2 * known > len(self.values)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        fact, range: What is asked. spreads: By variant. verdict: PASSES, FAILS, SAYS_NOTHING (it passes, but so does a
            society without reason), OFF (its sector), or SHOWN (no range: not counted). why: A reason, if there is one.
    """

    fact: Fact
    range: Range
    spreads: Mapping[str, Spread]
    verdict: str
    why: str = ""

    @property
    def counted(self) -> bool:
        """Return whether it counts among the facts asked for."""
        return self.verdict not in (OFF, SHOWN)


@dataclass(frozen=True)
class Table:
    """Every fact of a study, and the sums.

    Attributes:
        rows: By family, in each those with a range first, then as registered. variants: Judged first.
        seeds: World seeds. country: Ranges.
        ended: Why societies broke down before their last month, by variant; one entry a society that did.
    """

    rows: tuple[Row, ...]
    variants: tuple[Variant, ...]
    seeds: tuple[int, ...]
    country: Country
    ended: Mapping[str, tuple[str, ...]]

    def family(self, name: str) -> list[Row]:
        """Return the rows of a family."""
        return [row for row in self.rows if row.fact.family == name]

    def share_inside(self, variant: str) -> Spread:
        """Return the single-run share of macro facts inside their ranges, one value a seed."""
        rows = [row for row in self.family("macro") if row.counted]
        values = [
            float(np.mean([row.range.holds(row.spreads[variant].values[number]) for row in rows])) if rows else math.nan
            for number in range(len(self.seeds))
        ]
        return Spread.of(values, NOWHERE)

    def tally(self, family: str = "", variant: str = "") -> tuple[int, int]:
        """Return how many counted facts (of a family) a variant shows, the judged one by default, of how many."""
        variant = variant or self.variants[0].name
        rows = [row for row in (self.family(family) if family else self.rows) if row.counted]
        return sum(row.spreads[variant].passes(row.range) for row in rows), len(rows)

    def micro(self, variant: str = "") -> tuple[int, int]:
        """Return how many counted facts beside macro ones a variant shows, and how many there are."""
        shown, total = zip(*(self.tally(name, variant) for name in FAMILIES if name != "macro"), strict=True)
        return sum(shown), sum(total)


def make_table(
    gathered: Mapping[str, Sequence[Evidence]], variants: Sequence[Variant], seeds: Sequence[int], country: Country
) -> Table:
    """Return the table of the evidence of all variants and seeds."""
    measured = {name: [measure_all(evidence) for evidence in runs] for name, runs in gathered.items()}
    rows = []
    for name, item in FACTS.items():
        wanted = country.of(name)
        spreads = {
            variant.name: Spread.of([facts[name] for facts in measured[variant.name]], wanted) for variant in variants
        }
        verdict, why = _verdict(item, wanted, spreads, variants)
        rows.append(Row(item, wanted, spreads, verdict, why))
    rows.sort(key=lambda row: (list(FAMILIES).index(row.fact.family), row.verdict == SHOWN))
    ended = {name: tuple(evidence.ended for evidence in runs if evidence.ended) for name, runs in gathered.items()}
    return Table(tuple(rows), tuple(variants), tuple(seeds), country, ended)


def _verdict(item: Fact, wanted: Range, spreads: Mapping[str, Spread], variants: Sequence[Variant]) -> tuple[str, str]:
    judged = variants[0]
    if item.sector and item.sector not in judged.scenario.sectors_on:
        return OFF, f"needs sectors: {{{item.sector}: true}}"
    if not wanted.counted:
        return SHOWN, ""
    if not spreads[judged.name].passes(wanted):
        known = sum(math.isfinite(value) for value in spreads[judged.name].values)
        return FAILS, "" if known else "the evidence allows no value"
    nulls = [variant.name for variant in variants if variant.null and spreads[variant.name].passes(wanted)]
    return (
        (SAYS_NOTHING, f"{' and '.join(nulls)} show{'' if len(nulls) > 1 else 's'} it too") if nulls else (PASSES, "")
    )


def document(table: Table) -> dict[str, Any]:
    """Return the table as plain data."""
    return {
        "country": table.country.name,
        "about": table.country.about,
        "seeds": list(table.seeds),
        "variants": {v.name: _sums(table, v) for v in table.variants},
        "facts": [_line(row) for row in table.rows],
    }


def _sums(table: Table, variant: Variant) -> dict[str, Any]:
    inside, (shown, total), (micro, micros) = (
        table.share_inside(variant.name),
        table.tally(variant=variant.name),
        table.micro(variant.name),
    )
    judged = table.share_inside(table.variants[0].name).mean
    return {
        "about": variant.about,
        "macro_share_inside": inside.mean,
        "macro_share_inside_error": inside.error,
        "macro_share_inside_by_seed": list(inside.values),
        "macro_share_lower_than_judged_by": judged - inside.mean,
        "facts_shown": shown,
        "facts_counted": total,
        "micro_shown": micro,
        "micro_counted": micros,
        "broke_down": list(table.ended[variant.name]),
    }


def _line(row: Row) -> dict[str, Any]:
    item, wanted = row.fact, row.range
    line: dict[str, Any] = {"name": item.name, "family": item.family, "unit": item.unit, "doc": item.doc}
    line |= {"estimator": item.source, "sector": item.sector, "verdict": row.verdict, "why": row.why}
    line |= {"low": wanted.low, "high": wanted.high, "country_value": wanted.value, "source": wanted.source}
    for name, spread in row.spreads.items():
        numbers = {"mean": spread.mean, "error": spread.error, "inside": spread.inside, "by_seed": list(spread.values)}
        line[name] = numbers
    return line
