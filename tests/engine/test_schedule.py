"""Phases become moments: where each one falls, in steps and in times on Brian2's grid."""

import numpy as np
import pytest
from brian2 import ms

from models.engine.schedule import Moment, Schedule

LENGTHS = {"see": np.array([5, 7, 6]), "do": np.array([4, 3, 4])}
EDGES = [[0, 5, 9], [9, 16, 19], [19, 25, 29]]


def moments(**about):
    """A schedule of three images with one moment, ``m``; returns its steps."""
    kind = {"phase": "see", "place": "each", "slot": "end", "meaning": ""} | about
    return Schedule.of(LENGTHS, {"m": Moment(**kind)}, 1 * ms).steps("m").tolist()


def test_phases_follow_each_other():
    schedule = Schedule.of(LENGTHS, {}, 0.5 * ms)
    assert schedule.edges.tolist() == EDGES and schedule.images == 3
    assert schedule.starts().tolist() == schedule.starts("see").tolist() == [0, 9, 19]
    assert schedule.ends("see").tolist() == schedule.starts("do").tolist() == [5, 16, 25]
    assert schedule.ends().tolist() == schedule.ends("do").tolist() == [9, 19, 29]
    assert schedule.steps_in_all == 29 and schedule.duration == 14.5 * ms


def test_a_moment_is_the_first_or_the_last_step_of_its_phase():
    assert moments(place="first") == [0, 9, 19]
    assert moments(place="last") == [4, 15, 24]
    assert moments(phase="do", place="first") == [5, 16, 25]
    assert moments(phase="do", place="last") == [8, 18, 28]


def test_a_moment_may_be_each_step_of_its_phase():
    assert moments() == [*range(0, 5), *range(9, 16), *range(19, 25)]
    assert moments(phase="do") == [*range(5, 9), *range(16, 19), *range(25, 29)]


def test_the_first_steps_of_a_phase_may_be_left_out():
    assert moments(skip=3) == [3, 4, 12, 13, 14, 15, 22, 23, 24]


def test_a_window_is_the_last_steps_of_a_phase_whatever_is_left_out():
    for skip in (0, 1, 4):
        assert moments(window=2, skip=skip) == [3, 4, 14, 15, 23, 24]
    assert moments(window=5)[:5] == [0, 1, 2, 3, 4]


def test_a_moment_may_come_only_every_so_many_images_and_always_with_the_last():
    assert moments(place="last", every=2) == [15, 24]
    assert moments(place="first", every=3) == [19]
    assert moments(place="first", every=9) == [19]  # of a chunk that is shorter
    assert moments(every=2, window=1) == [15, 24]


def test_a_moment_of_a_phase_that_is_not_there_never_comes_and_an_unknown_one_in_each_step():
    schedule = Schedule.of(LENGTHS, {"m": Moment("dream", "first", "end", "")}, 1 * ms)
    assert schedule.steps("m").tolist() == [] and schedule.steps("spike") is None


@pytest.mark.parametrize("about", [{"skip": 5}, {"window": 6}, {"phase": "do", "skip": 3}])
def test_what_does_not_fit_into_the_shortest_phase_is_refused(about):
    with pytest.raises(ValueError, match="^m .* does not fit into a phase of [35] steps$"):
        moments(**about)


def test_a_window_of_a_phase_that_is_not_there_is_not_refused():
    assert moments(phase="dream", window=99) == []


@pytest.mark.parametrize("dt", [1, 0.1, 0.3])
def test_times_are_those_at_which_brian2_counts_a_step(dt):
    schedule = Schedule.of(LENGTHS, {"m": Moment("do", "each", "end", "")}, dt * ms)
    steps = schedule.steps("m")
    np.testing.assert_array_equal(np.asarray(schedule.times("m")), steps * float(dt * ms))


def test_rows_are_every_phase_in_order_in_milliseconds():
    rows = Schedule.of(LENGTHS, {}, 0.5 * ms).rows()
    assert rows[:3] == [(0, 2.5, "see"), (2.5, 4.5, "do"), (4.5, 8, "see")]
    assert len(rows) == 6 and rows[-1] == (12.5, 14.5, "do")
