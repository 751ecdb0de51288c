"""Rule of scientists: which topic to work on, and how much time is left for research."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64
from wildsim.state.science import TOPICS
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="science", science_decisions="topic effort care")
def decide(world: WorldView) -> None:
    """Look for a better topic at times; write proposals where no grant runs; put into papers what rewards ask for.

    Those who look choose among topics nearby by multinomial logit over the log of what a paper there can expect:
    citations a recent paper of the topic draws, times the papers that its crowd leaves room for.
    """
    scientists, law, out = world.scientists, world.law, world.science_decisions
    competing = law("science.merit") * (1.0 - law("science.equal_share"))
    lost = law("science.proposal_time") * competing * (scientists.grant_months == 0)
    out.effort[:] = 1.0 - lost
    out.care[:] = best_care(world)
    reach = int(law("science.topic_reach"))
    luck = world.uniform("science.topic", "scientists", 2 + 2 * reach)
    looks = np.flatnonzero(luck[0] < -np.expm1(-law("science.topic_change") / 12.0))
    out.topic[:] = scientists.topic
    if len(looks):
        worth = np.log(attention(world)) + np.log(room(world))
        near = (scientists.topic[looks] + np.arange(-reach, reach + 1)[:, None]) % TOPICS
        draw = -np.log(-np.log(luck[1:, looks]))
        chosen = (law("science.topic_taste") * worth[near] + draw).argmax(axis=0)
        out.topic[looks] = near[chosen, np.arange(len(looks))]


def best_care(world: WorldView) -> float:
    """Return the work a paper, relative to normal, that earns most where counts have a weight in rewards.

    A paper takes (1 - r) + r c of the time, c being care and r its return, and has quality c^r. Rewards go with papers
    and, to the power of the weight that counts leave, with quality: c^s / ((1 - r) + r c), s = r x (1 - counting), is
    largest at c = s (1 - r) / (r (1 - s)). That is 1 where only quality counts: then discoveries are most frequent.
    """
    gain = world.law("science.care_return")
    rewarded = gain * (1.0 - world.law("science.counting"))
    return rewarded * (1.0 - gain) / (gain * (1.0 - rewarded))


def room(world: WorldView) -> F64:
    """Return the papers that a scientist writes on each topic relative to a topic with the mean crowd."""
    crowd = np.bincount(world.scientists.topic, minlength=TOPICS).astype(np.float64)
    others = (1.0 + np.maximum(crowd - 1.0, 0.0)) / (1.0 + max(0.0, crowd.sum() - 1.0) / TOPICS)
    return np.asarray(others ** -world.law("science.crowding"))


def attention(world: WorldView) -> F64:
    """Return the citations that a recent paper of each topic has drawn, plus what a paper counts for without any."""
    papers, law = world.papers, world.law
    recent = papers.month > world.month - law("science.record_months")
    topic = papers.topic[recent]
    cited = np.bincount(topic, weights=papers.citations[recent], minlength=TOPICS)
    written = np.bincount(topic, minlength=TOPICS)
    return np.asarray(law("science.initial_attraction") + cited / np.maximum(written, 1))
