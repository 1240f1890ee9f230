"""Events and bursts in spike trains: by a loop, by chance, and as Elephant sees the same trains."""

import numpy as np
import pytest
from brian2 import ms

from experiments.firing import GAP, firing, parsed
from models.bursts.parameters import Bursting

SIZE, LASTS, STEP = 12, 4000.0, 0.1  # cells, of which the last is silent; ms
EXACT = 1e-12


@pytest.fixture(scope="module")
def trains():
    """Times and cells of spikes on a grid of .1 ms: single ones, and bursts of 2 to 5."""
    rng, times = np.random.default_rng(7), []
    for _ in range(SIZE - 1):
        own, t = [], 0.0
        while True:
            t += 17 + rng.exponential(90)
            gaps = rng.choice([4.0, 9.5, GAP], rng.choice(5, p=(0.5, 0.2, 0.1, 0.1, 0.1)))
            if t + gaps.sum() >= LASTS:
                break
            own += [t, *(t + np.cumsum(gaps))]
            t += gaps.sum()
        times.append(np.rint(np.array(own) / STEP) * STEP)
    cells = np.repeat(np.arange(SIZE - 1), [len(own) for own in times])
    return np.concatenate(times), cells


def looped(times):
    """Of one cell: numbers of events, bursts and further spikes, one spike after the other."""
    counts, last, run = [0, 0, 0], -1e6, 0
    for t in sorted(times):
        run = run + 1 if round((t - last) / STEP) <= round(GAP / STEP) else 0
        counts[min(run, 2)] += 1
        last = t
    return counts


def test_the_longest_interval_of_a_burst_is_that_of_the_cells():
    assert GAP == pytest.approx(float(Bursting().tau_b / ms), abs=EXACT)


def test_an_interval_of_16_ms_is_within_a_burst_and_one_step_more_is_not():
    times = np.array([10.0, 26.0, 42.1, 50.0, 60.0])
    assert parsed(times, np.zeros(5, int)).tolist() == [0, 1, 0, 1, 2]


def test_rates_are_those_of_a_loop_over_spikes(trains):
    times, cells = trains
    events, bursts, inside = np.sum([looped(times[cells == k]) for k in range(SIZE)], axis=0)
    found, scale = firing(times, cells, SIZE, [0.0], [LASTS]), SIZE * LASTS / 1e3
    assert events > 300 and bursts > 100 and inside > 50
    assert found.firing_rate == pytest.approx(len(times) / scale, abs=EXACT)
    assert found.event_rate == pytest.approx(events / scale, abs=EXACT)
    assert found.burst_rate == pytest.approx(bursts / scale, abs=EXACT)
    assert found.burst_probability == pytest.approx(bursts / events, abs=EXACT)
    assert found.spikes_per_burst == pytest.approx((2 * bursts + inside) / bursts, abs=EXACT)
    assert found.share_in_bursts == pytest.approx((2 * bursts + inside) / len(times), abs=EXACT)


def test_stretches_add_up_to_the_whole_and_intervals_across_them_are_left_out(trains):
    times, cells = trains
    edges = np.array([0.0, 700.0, 1000.0, 3100.0, LASTS])
    odd = firing(times, cells, SIZE, edges[[0, 2]], edges[[1, 3]])
    even = firing(times, cells, SIZE, edges[[1, 3]], edges[[2, 4]])
    whole = firing(times, cells, SIZE, [0.0], [LASTS])
    for name in ("firing_rate", "event_rate", "burst_rate"):
        parts = 2.8 * getattr(odd, name) + 1.2 * getattr(even, name)
        assert parts == pytest.approx(4 * getattr(whole, name), abs=1e-9)
    two = np.array([0.0, 10.0, 30.0, 100.0, 110.0, 130.0])
    found = firing(two, np.zeros(6, int), 1, [0.0, 90.0], [50.0, 150.0])
    assert found.variation == pytest.approx(1 / 3, abs=EXACT)  # intervals 10 and 20, twice


def test_poisson_spikes_burst_as_often_as_by_chance():
    rng, lasts = np.random.default_rng(3), 200_000.0
    rates = np.array([5.0, 20.0, 60.0])  # Hz
    counts = rng.poisson(rates * lasts / 1e3)
    times = np.concatenate([np.sort(rng.uniform(0, lasts, n)) for n in counts])
    found = firing(times, np.repeat(np.arange(3), counts), 3, [0.0], [lasts])
    events = round(found.event_rate * 3 * lasts / 1e3)
    spread = np.sqrt(found.by_chance * (1 - found.by_chance) / events)
    assert abs(found.burst_probability - found.by_chance) < 4 * spread
    assert abs(found.variation - 1) < 0.03


def test_silence_has_rates_and_no_shares():
    found = firing(np.zeros(0), np.zeros(0, int), 5, [0.0], [100.0])
    assert found[:3] == (0, 0, 0) and np.isnan(found[3:]).all()


@pytest.mark.filterwarnings("ignore:The 'copy' argument")  # of Elephant's, to quantities
def test_elephant_finds_the_same_rates_intervals_events_and_bursts(trains):
    statistics = pytest.importorskip("elephant.statistics", reason="the extra `test` is missing")
    neo, pq = pytest.importorskip("neo"), pytest.importorskip("quantities")
    times, cells = trains
    own = [neo.SpikeTrain(np.sort(times[cells == k]), LASTS, "ms") for k in range(SIZE)]
    agrees(own, firing(times, cells, SIZE, [0.0], [LASTS]), statistics, pq)


def agrees(trains, found, statistics, pq):
    """Compare ``Firing`` with what Elephant says of the trains of all cells.

    Elephant 1.2 has no measure of bursts: they are counted in its intervals.
    """
    intervals = [statistics.isi(train).rescale(pq.ms).magnitude for train in trains]
    soon = [own <= GAP + 1e-6 for own in intervals]
    events = sum(int(len(train) > 0) for train in trains) + sum(int((~own).sum()) for own in soon)
    bursts = sum(int((own & ~np.append(False, own[:-1])).sum()) for own in soon if len(own))
    inside = sum(int(own.sum()) for own in soon) - bursts
    rate = np.mean([float(statistics.mean_firing_rate(one).rescale("Hz")) for one in trains])
    variation = np.mean([statistics.cv(own) for own in intervals if len(own) > 1])
    seconds = sum(float((one.t_stop - one.t_start).rescale("s")) for one in trains)
    assert bursts > 5 and inside > 5
    assert found.firing_rate == pytest.approx(rate, rel=1e-9)
    assert found.event_rate == pytest.approx(events / seconds, rel=1e-9)
    assert found.burst_rate == pytest.approx(bursts / seconds, rel=1e-9)
    assert found.burst_probability == pytest.approx(bursts / events, rel=1e-9)
    assert found.spikes_per_burst == pytest.approx(2 + inside / bursts, rel=1e-9)
    assert found.variation == pytest.approx(variation, rel=1e-6)
