"""Scientists write papers, which cite older ones."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.behaviour.scientist import room
from wildsim.core.keys import new_id
from wildsim.core.table import F64, I32, I64, NO_ROW, U64, sum_by
from wildsim.kernels.science import h_indices, poisson_numbers
from wildsim.state.people import HOME
from wildsim.state.reorganise import reorganise
from wildsim.state.science import TOPICS, Papers
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World, WorldView


def do_research(world: World) -> None:
    """Write the month's papers, let them cite older ones, publish them and forget those that no longer matter."""
    numbers = _write(world)
    _cite(world, numbers)
    _publish(world, numbers)
    _count(world)


def _write(world: World) -> I32:
    """Take up the topics decided; return the papers that each scientist writes this month, a Poisson number.

    Its mean is rate x talent x funds^elasticity x effort x room on the topic / time a paper.
    """
    view = world.view({"scientists": ("topic", "recent_papers")})
    scientists, people, law, decided = view.scientists, view.people, world.law, view.science_decisions
    scientists.topic[:] = decided.topic
    person = np.maximum(scientists.person, 0)
    works = (scientists.person != NO_ROW) & (people.away[person] == HOME)
    talent = scientists.output * np.exp(
        law("science.ability_effect") * (people.ability[person] - law("science.ability_norm"))
    )
    gain = law("science.care_return")
    means = law("science.rate") / 12.0 * talent * decided.effort * room(view)[scientists.topic]
    means = means / (1.0 - gain + gain * decided.care)
    means = np.where(works, means * scientists.funding.astype(np.float64) ** law("science.funding_elasticity"), 0.0)
    numbers = _poisson(view, "science.papers", "scientists", means, np.iinfo(np.int16).max)
    scientists.recent_papers[:] += (numbers - scientists.recent_papers) / law("science.record_months")
    return numbers


def _poisson(view: WorldView, stream: str, table: str, means: F64, most: int) -> I32:
    numbers = np.empty(len(means), dtype=np.int32)
    poisson_numbers(view.key(stream, table), view.month, getattr(view, table).id, means, most, numbers)
    return numbers


def _cite(world: World, numbers: I32) -> None:
    """Let the new papers cite older ones: a reinforced Poisson process with fitness and ageing.

    A reference from topic j goes to paper i with chance in proportion to fitness x (citations + initial) x
    exp(-age / ageing) x exp(-distance of topics / width). References are that many that a paper's citations of the
    month are a Poisson number, drawn with the key of the cited paper. A paper cites another once.
    Source: Price 1976, JASIS; Wang, Song, Barabasi 2013, Science; Shen, Wang, Song, Barabasi 2014, AAAI.
    """
    view = world.view({"papers": ("citations",), "scientists": ("citations", "recent")})
    papers, scientists, law = view.papers, view.scientists, world.law
    citing = sum_by(scientists.topic, numbers, TOPICS)
    age = np.exp(-np.arange(1 + view.month - int(papers.month.min(initial=view.month))) / law("science.ageing"))
    weight = papers.quality * (papers.citations + law("science.initial_attraction")) * age[view.month - papers.month]
    means = weight * _attention(world, citing, sum_by(papers.topic, weight, TOPICS))[papers.topic]
    got = _poisson(view, "science.citations", "papers", means, int(numbers.sum()))
    papers.citations[:] += got
    known = papers.author != NO_ROW
    received = sum_by(papers.author[known], got[known], len(scientists))
    scientists.citations[:] += received.astype(np.int32)
    scientists.recent[:] += (received - scientists.recent) / law("science.record_months")


def _attention(world: World, citing: F64, weights: F64) -> F64:
    """Return the citations that a unit of weight on each topic draws from the new papers of all topics.

    Args:
        citing: New papers by topic. weights: Sum of the weights of older papers by topic.
    """
    law, topics = world.law, np.arange(TOPICS)
    steps = np.abs(topics[:, None] - topics)
    close = np.exp(-np.minimum(steps, TOPICS - steps) / law("science.topic_width"))
    pool = (close * weights).sum(axis=1)
    each = np.divide(law("science.references") * citing, pool, out=np.zeros(TOPICS), where=pool > 0.0)
    return np.asarray((close * each[:, None]).sum(axis=0))


def _publish(world: World, numbers: I32) -> None:
    """Append the new papers with their quality, find the discoveries among them, and drop what is forgotten."""
    authors = np.repeat(np.arange(len(numbers)), numbers)
    forgotten = _forgotten(world.view())
    rows = reorganise(world, "papers", forgotten, _new_ids(world, authors, numbers), np.empty(0, dtype=np.int64))
    columns = "author topic month quality discovery".split()
    view = world.view({"papers": columns, "scientists": ("papers",), "knowledge": ("papers", "found")})
    papers, scientists, law = view.papers, view.scientists, world.law
    new = slice(len(papers) - len(rows), None)  # papers stand in the order in which they appeared
    luck = view.uniform_of("science.quality", "papers", new, 2)
    spread = law("science.luck_spread")
    papers.author[new], papers.month[new] = authors, view.month
    papers.topic[new] = scientists.topic[authors]
    careful = view.science_decisions.care[authors] ** law("science.care_return")
    papers.quality[new] = scientists.quality[authors] * careful * np.exp(spread * ndtri(luck[0]) - spread**2 / 2.0)
    papers.discovery[new] = luck[1] < law("science.discovery") * papers.quality[new]
    scientists.papers[:] += numbers
    view.knowledge.papers[:] = len(rows)
    found = view.knowledge.found
    found[0, :-1] = found[0, 1:]
    found[0, -1] = papers.discovery[new].sum()


def _new_ids(world: World, authors: I64, numbers: I32) -> U64:
    """Return ids of the new papers: a hash of the author, the month and which of the author's papers it is."""
    ids, month = world.view().scientists.id, world.clock.month
    order = np.arange(len(authors)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
    made = [new_id(Papers.code, int(ids[a]), month, int(k)) for a, k in zip(authors, order, strict=True)]
    return np.array(made, dtype=np.uint64)


def _forgotten(view: WorldView) -> np.ndarray:
    """Return True for old papers that count for nobody's h-index."""
    papers = view.papers
    old = papers.month < view.month - view.law("science.forgotten_after")
    h = np.append(view.scientists.h, np.int16(np.iinfo(np.int16).max))  # the last one stands for NO_ROW
    return np.asarray(old & (papers.citations < h[papers.author]))


def _count(world: World) -> None:
    view = world.view({"scientists": ("h",)})
    h_indices(view.papers.author, view.papers.citations, view.scientists.h)


research = MovingStep(
    "sectors.science.do_research",
    do_research,
    {
        "papers": ALL,
        "scientists": ("topic", "recent_papers", "papers", "citations", "recent", "h"),
        "knowledge": ("papers", "found"),
    },
    sector="science",
)
