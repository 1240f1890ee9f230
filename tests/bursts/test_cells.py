"""Bursting cells and ensembles of them: by numbers that were found otherwise, and beside NumPy."""

from collections import namedtuple

import numpy as np
import pytest
from brian2 import mV, prefs

from experiments.bursts.ensembles import binned, noise, steps
from experiments.firing import parsed
from models.bursts import variants
from models.bursts.cells import pyramidal, quiet
from models.bursts.ensemble import network
from models.engine import device
from models.engine.recording import SPIKES, Recording
from models.theory import Inputs
from tests.bursts import pyramids
from tests.bursts.pyramids import LASTS, PROTOCOLS

Seen = namedtuple("Seen", "V_s V_d trains counts")
EXACT = 1e-9  # mV
NEAR = 0.31  # ms: what the independent program's values were rounded and stepped to
DECODERS = {"STD": (0.9, 20, 1000), "STF": (0.02, 100, 100)}  # U, tau_D, tau_F


@pytest.fixture(scope="module")
def seen():
    """What cells without background do about all currents, in one compiled program."""
    soma, dendrite = pyramids.currents()
    record = Recording({"potentials": ("V_s", "V_d"), SPIKES: ()})
    program = network(1, len(PROTOCOLS), cell=quiet()).program(LASTS, record=record)
    given = Inputs(np.hstack([soma, dendrite]), np.zeros(LASTS, dtype=int), {}, 1)
    out = program.run(given)
    V_s, V_d = (out.records["potentials", "cells", name] for name in ("V_s", "V_d"))
    times, cells = (out.records[SPIKES, "cells", name] for name in "ti")
    trains = {name: times[cells == k] for k, name in enumerate(PROTOCOLS)}
    return Seen(V_s, V_d, trains, {"events": out.answers} | out.measures)


def test_a_cell_steps_as_the_reference_and_fires_with_it(seen):
    V_s, V_d, fires = pyramids.stepped(*pyramids.currents())
    assert fires.any(axis=0).sum() >= 8
    for k, train in enumerate(seen.trains.values()):
        assert np.rint(train / 0.1).astype(int).tolist() == np.flatnonzero(fires[:, k]).tolist()
    assert np.abs(seen.V_s - V_s).max() < EXACT and np.abs(seen.V_d - V_d).max() < EXACT


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("weak", []),
        ("five hundred", [138.7, 307.7, 493.6, 679.5, 865.4, 1051.3]),
        ("pulse", [105.7]),
        ("dendrite", []),
        ("both", [105.7, 116.9, 130.7]),
        ("dendrite 500", []),
    ],
)
def test_spikes_come_when_an_independent_program_has_them(seen, name, times):
    assert seen.trains[name] == pytest.approx(times, abs=NEAR)


@pytest.mark.parametrize(
    ("name", "spikes"),
    [
        ("six hundred", 11),
        ("six and two hundred", 23),
        ("dendrite 600", 2),
        ("both, 150", 1),
        ("both, 200", 3),
    ],
)
def test_cells_fire_as_often_as_in_an_independent_program(seen, name, spikes):
    assert len(seen.trains[name]) == spikes


@pytest.mark.parametrize(
    ("name", "highest"), [("six hundred", -42), ("dendrite", -58.6), ("both", 7)]
)
def test_the_dendrite_comes_as_far_as_in_an_independent_program(seen, name, highest):
    assert seen.V_d[:, list(PROTOCOLS).index(name)].max() == pytest.approx(highest, abs=0.5)


def test_a_strong_current_into_both_gives_few_events_of_many_spikes(seen):
    found = parsed(seen.trains["six and two hundred"], np.zeros(23, dtype=int))
    assert np.sum(found == 0) == 5
    assert np.flatnonzero(found == 0)[1] == 6  # spikes of the first


def test_what_is_counted_is_what_the_spikes_say(seen):
    for k, train in enumerate(seen.trains.values()):
        kinds = parsed(train, np.zeros(len(train), dtype=int))
        counts = [seen.counts[name][:, k].sum() for name in ("events", "bursts", "spikes")]
        assert counts == [np.sum(kinds == 0), np.sum(kinds == 1), len(train)]
        place = np.floor(train[kinds == 1] / 1 + 1e-6).astype(int)  # and in the ms in which it was
        assert np.flatnonzero(seen.counts["bursts"][:, k]).tolist() == place.tolist()


def test_an_event_a_burst_and_what_is_inside_one():
    times = np.array([5.0, 100, 116, 130, 146.1, 200, 216.1, 3, 19])
    cells = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1])
    shuffled = np.random.default_rng(0).permutation(len(times))
    found = np.empty(len(times), dtype=int)
    found[shuffled] = parsed(times[shuffled], cells[shuffled])
    assert found.tolist() == [0, 0, 1, 2, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("kind", DECODERS)
def test_synapses_send_what_their_recursion_says(seen, kind):
    ends = np.arange(1, LASTS + 1) - 0.1  # start of the last step of each ms
    for k, train in enumerate(seen.trains.values()):
        steps_since = np.rint((ends[:, None] - train) / 0.1)
        kept = np.where(steps_since >= 0, np.exp(-steps_since * 0.1 / 10), 0)
        drive = kept @ pyramids.sent(train, *DECODERS[kind]) / 0.01  # Hz: of a sum over 10 ms
        assert seen.counts[kind][:, k] == pytest.approx(drive, abs=1e-6)


def test_a_pair_of_spikes_tells_depressing_from_facilitating_synapses():
    pair, alone = [0, 10], [0]
    depressing, facilitating = (pyramids.sent(pair, *DECODERS[k]) for k in DECODERS)
    assert depressing[1] < 0.5 * depressing[0] and facilitating[1] > 3 * facilitating[0]
    assert pyramids.sent(alone, *DECODERS["STD"]) == [0.9]


def test_a_variant_is_what_its_file_says(tmp_path):
    moved = variants.read("moving_threshold").cell
    assert "m" in moved.equations and "m" not in pyramidal().equations
    own = tmp_path / "lower.py"
    code = (
        "from brian2 import mV\ndef pyramidal(cell):\n    return cell.vary(params={'V_T': -55*mV})"
    )
    own.write_text(code)
    assert variants.read(str(own)).cell.params.V_T == -55 * mV
    for body, said in (("return 3", "is no cell"), ("return cell.no", "AttributeError")):
        own.write_text(f"def pyramidal(cell):\n    {body}\n")
        with pytest.raises(ValueError, match=said):
            variants.read(str(own))
    own.write_text("def pyramidal(cell):\n    return cell._replace(parts={'a': 'V_s : volt'})\n")
    with pytest.raises(ValueError, match="no variable 'theta'"):
        variants.read(str(own))
    own.write_text("x = 1\n")
    with pytest.raises(ValueError, match="needs a function pyramidal"):
        variants.read(str(own))


def test_inhibition_is_what_the_synapses_of_its_own_ensemble_call_up(monkeypatch):
    inhibited = network(2, 2, cell=pyramidal(), inhibited=True)
    record = Recording({"inhibition": ("h_s", "h_d")})
    monkeypatch.setitem(prefs, "codegen.target", prefs.codegen.target)
    device.interpret()
    program = inhibited.program(60, record=record, device="runtime")
    images = np.tile([0.0, 900.0, 0.0, 300.0], (60, 1))
    k_s, k_d = np.tile([5.0, 3.0], (60, 1)), np.tile([7.0, 2.0], (60, 1))
    given = {"k_s": k_s, "k_d": k_d}
    out = program.run(Inputs(images, np.zeros(60, dtype=int), {}, 3, more=given))
    assert out.measures["STF"][:, 1].max() > 0
    for name, kind, k in (("h_s", "STD", 3.0), ("h_d", "STF", 2.0)):
        found = out.records["inhibition", "cells", name]  # of the step after that which is read
        drive = out.measures[kind][:-1]
        assert found[10::10, 2] == pytest.approx(k * drive[:, 1], abs=1e-9)
        assert found[10::10, 3] == pytest.approx(k * drive[:, 1], abs=1e-9)


def test_currents_are_what_they_are_called():
    soma = steps((1, 5), 400, 0.5, 0.1, 800)
    assert soma[0] == 1 and soma[40] == 5 and soma[239] == 5 and soma[240] == 1
    assert binned(soma)[:5].tolist() == [1, 1, 1, 1, 5]
    x = noise(350, 100, 50, 200_000, np.random.default_rng(1))
    apart = np.corrcoef(x[:-50], x[50:])[0, 1]
    assert x.mean() == pytest.approx(350, abs=10) and x.std() == pytest.approx(100, abs=5)
    assert apart == pytest.approx(np.exp(-1), abs=0.05)
