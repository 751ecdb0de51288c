"""Who gets a post in science: how many posts a region has, who is suited, who is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np

from wildsim.core.table import F32, F64, I64
from wildsim.state.law import Law


def posts_by_region(law: Law, age: F32, starts: I64) -> I64:
    """Return the posts of each region: a share of its people of working age, and a few at least.

    Args:
        age: Of all people, sorted by region. starts: First row of each region, then the number of people.
    """
    low, high = law.array("science.ages")
    working = np.concatenate([[0], np.cumsum((age >= low) & (age < high))])
    people = np.diff(working[starts])
    wanted = np.floor(law("science.share") * people + 0.5)
    return np.asarray(np.maximum(wanted, law("science.fewest")).astype(np.int64))


def suited(law: Law, people: Any) -> np.ndarray:
    """Return True for people with the schooling and age for research who are not away at school or in prison."""
    low, high = law.array("science.ages")
    fits = (people.age >= low) & (people.age < high) & (people.schooling >= law("science.schooling"))
    return np.asarray(fits & (people.away == 0))


def appeal(law: Law, ability: F32, u: F64) -> F64:
    """Return the appeal of candidates, whose highest ones get the posts.

    Ability times its weight plus a Gumbel draw: a choice of one by multinomial logit, of several in order of rank.
    Since each candidate has a draw of their own, one candidate more changes at most one appointment.
    """
    return np.asarray(law("science.selection") * ability.astype(np.float64) - np.log(-np.log(u)))


def best(appeals: F64, region: np.ndarray, open_posts: I64) -> I64:
    """Return the places of those with the highest appeal in each region, as many as it has open posts."""
    order = np.lexsort((-appeals, region))
    ranked = region[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    return np.asarray(order[rank < open_posts[ranked]])
