"""Groups of similar agents."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wildsim.deliberation.grouping import grouped


@given(st.integers(2, 60), st.integers(1, 12), st.integers(0, 3))
def test_every_agent_is_in_one_group_with_a_typical_member_of_its_class(agents: int, groups: int, seed: int) -> None:
    luck = np.random.Generator(np.random.Philox(seed))
    features, classes = luck.normal(size=(agents, 3)), luck.integers(0, 2, agents)
    made = grouped(features, classes, groups)
    kinds = len(np.unique(classes))
    assert len(made.typical) <= max(groups, kinds)
    assert set(made.group.tolist()) == set(range(len(made.typical)))
    np.testing.assert_array_equal(made.group[made.typical], np.arange(len(made.typical)))
    np.testing.assert_array_equal(classes[made.typical][made.group], classes)


def test_groups_cut_where_agents_differ() -> None:
    features = np.array([[0.0], [0.1], [10.0], [10.1], [0.05], [10.05]])
    made = grouped(features, np.zeros(6, dtype=np.int64), 2)
    near, far = made.group[0], made.group[2]
    assert near != far
    np.testing.assert_array_equal(made.group, [near, near, far, far, near, far])
    assert set(made.typical.tolist()) == {4, 5}


def test_without_numbers_each_class_is_one_group() -> None:
    made = grouped(np.empty((5, 0)), np.array([3, 1, 3, 1, 1]), 4)
    assert made.group.tolist() == [1, 0, 1, 0, 0]
    assert made.typical.tolist() == [1, 0]


def test_more_groups_leave_less_within_them() -> None:
    features = np.random.Generator(np.random.Philox(5)).normal(size=(2000, 4))

    def within(groups: int) -> float:
        made = grouped(features, np.zeros(2000, dtype=np.int64), groups)
        return float(((features - features[made.typical][made.group]) ** 2).sum())

    spreads = [within(groups) for groups in (1, 8, 64, 512)]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[-1] < 0.5 * spreads[0]
