"""When plateaus begin, and whether that teaches: one compiled network of digits (64-100-10)."""

import numpy as np
import pytest

from experiments.run import data as datasets
from experiments.run.record import recording
from models.interneurons import THEORY
from models.interneurons.options import PRESETS, Options
from models.interneurons.wiring import counts
from models.theory import NEVER, Inputs
from tests.interneurons.simulation import Beside

IMAGES, LENGTH, FORWARD, CELLS = 150, 200, 100, 100
POPULATIONS = ("hidden_0", "PV_0", "SST_0", "VIP_0")
OPTIONS = Options(**{k: v for k, v in PRESETS["digits"].items() if k != "epochs"})


class Shown:
    """What images do to a network before it has learned; ``more`` as ``Inputs.more``."""

    def __init__(self, shows, learns=False, seed=1, **more):
        given = {name: np.asarray(value, float) for name, value in more.items()}
        shapes = {name: (IMAGES, 6) if name == "lights" else (IMAGES,) for name in given}
        given = {name: np.broadcast_to(v, shapes[name]).copy() for name, v in given.items()}
        self.before = shows.network.start(seed)
        shown = shows.digits.train_images[:IMAGES], shows.digits.train_labels[:IMAGES]
        self.out = shows.program.run(Inputs(*shown, self.before, seed, learns=learns, more=given))
        times = np.rint(self.out.records["plateaus", "hidden_0", "t"]).astype(int)
        self.image, self.when = times // LENGTH, times % LENGTH
        self.cell = self.out.records["plateaus", "hidden_0", "i"]

    def share(self, first, end):
        """Of all cells and images, those with a plateau that begins then."""
        inside = (self.when >= first) & (self.when < end)
        return len(set(zip(self.image[inside], self.cell[inside], strict=True))) / IMAGES / CELLS

    @property
    def learning(self):
        return self.out.measures["learning"].mean()

    def rate(self, population, first, end):
        """Mean rate in a stretch of all images, in Hz."""
        t, size = self.out.records["spikes", population, "t"], SIZES[population]
        inside = np.rint(t) % LENGTH
        count = np.sum((inside >= first) & (inside < end))
        return 1e3 * count / (IMAGES * size * (end - first))


class Shows:
    """The network and its program."""

    def __init__(self):
        self.digits = datasets.load("digits")
        self.network = THEORY.network(OPTIONS, 64, 10)
        kinds = recording(self.network, ("spikes", "plateaus", "alphas"))
        self.program = self.network.program(IMAGES, record=kinds)


SIZES = {"hidden_0": CELLS} | {f"{k}_0": n for k, n in counts(CELLS, 4).items()}


@pytest.fixture(scope="module")
def shows():
    return Shows()


# --- beside the reference -------------------------------------------------------------------------


def test_compiled_it_is_the_reference_from_chunk_to_chunk(shows):
    images, labels = shows.digits.train_images, shows.digits.train_labels
    reference, state = None, None
    for k in (0, 1):  # the reference goes on; the network only has the state
        shown = images[2 * k : 2 * k + 2], labels[2 * k : 2 * k + 2]
        both = Beside(OPTIONS, shows.network, shows.program, *shown, k, state, reference)
        both.check_state()
        np.testing.assert_array_equal(both.raster("hidden_0", "plateaus"), both.steps("begins"))
        reference, state = both.reference, both.out.state
        moved = np.abs(state["W_0"] - both.start["W_0"]).max()
        assert both.steps("begins").sum() > 300 and moved > 1e-3


# --- when -----------------------------------------------------------------------------------------


# T6
def test_a_volley_makes_each_cell_fire_its_plateau_after_about_20_ms(shows):
    seen = Shown(shows)
    assert seen.share(50, 100) > 0.97 and seen.share(150, 200) > 0.97 and seen.learning > 0.97
    latency = seen.when[(seen.when >= 150) & (seen.image > 0)] - 150
    assert abs(latency.mean() - 19.5) < 1.5 and abs(latency.std() - 3.3) < 0.8
    assert seen.rate("SST_0", 165, 200) < 2 < 80 < seen.rate("VIP_0", 150, 200)


# T5
def test_without_a_volley_there_is_no_plateau_and_hidden_cells_stay_as_they_are(shows):
    seen = Shown(shows, learns=True, A_VIP=0)
    assert len(seen.when) == 0 == seen.learning
    for name in ("W_0", "b_0"):
        assert seen.out.state[name].tobytes() == seen.before[name].tobytes()
    assert np.abs(seen.out.state["W_1"] - seen.before["W_1"]).max() > 1e-3


# T10: what a test is
def test_without_volleys_and_acetylcholine_nothing_begins_and_nothing_changes(shows):
    seen = Shown(shows, M_from=NEVER, ACh_from=NEVER)
    assert len(seen.when) == 0
    for name, before in seen.before.items():
        assert seen.out.state[name].tobytes() == before.tobytes(), name


# T8
def test_a_volley_of_30_ms_is_too_short_to_learn_from(shows):
    seen = Shown(shows, ACh_from=LENGTH - 30)
    assert seen.share(150, 200) > 0.9, "plateaus begin, and are cut by the image's end"
    assert seen.learning < 0.01


def test_half_of_the_cells_fire_in_time_at_a_dose_of_about_a_third(shows):
    shares = [Shown(shows, A_VIP=dose).share(150, 180) for dose in (0.25, 0.45)]
    assert shares[0] < 0.5 < shares[1]


def test_acetylcholine_in_the_forward_phase_teaches_there(shows):
    usual, early = Shown(shows), Shown(shows, M_from=150, ACh_from=50)
    alphas = early.out.records["alphas", "hidden_0", "alpha_t"]
    forward = usual.out.records["alphas", "hidden_0", "alpha_f"]
    assert early.learning > 0.97
    np.testing.assert_array_equal(alphas[0], forward[0])  # the same plateaus, named otherwise


# --- light ----------------------------------------------------------------------------------------


# T7
def test_sst_cells_lit_during_teaching_forbid_to_learn(shows):
    lit = Shown(shows, learns=True, lights=(0, 0, 3, 0, 150, 200))
    assert lit.share(50, 100) > 0.97 and lit.share(150, 200) == 0 == lit.learning
    assert lit.out.state["W_0"].tobytes() == lit.before["W_0"].tobytes()


@pytest.mark.parametrize("place, population", enumerate(POPULATIONS))
def test_light_excites_or_inhibits_a_class(shows, place, population):
    rates = []
    for g in (-3, 0, 3):  # halorhodopsin, none, channelrhodopsin
        lights = np.zeros(6)
        lights[place], lights[5] = g, 40
        rates.append(Shown(shows, lights=lights).rate(population, 0, 40))
    assert rates[0] < rates[1] / 5 and rates[2] > 3 * rates[1], rates


# --- learning -------------------------------------------------------------------------------------


# T11, with half of the images and a quicker rate
def test_it_learns_the_digits_and_without_vip_cells_only_its_output_does(shows):
    images, labels = shows.digits.train_images[:600], shows.digits.train_labels[:600]
    tested = shows.digits.test_images[:IMAGES], shows.digits.test_labels[:IMAGES]
    errors = {}
    for dose in (1.0, 0.0):
        state = shows.network.start(1)
        for chunk in range(24):
            now = np.arange(chunk * IMAGES, (chunk + 1) * IMAGES) % len(images)
            more = {"A_VIP": np.full(IMAGES, dose)}
            state = shows.program.run(
                Inputs(images[now], labels[now], state, chunk, more=more)
            ).state
        more = {name: np.full(IMAGES, NEVER) for name in ("M_from", "ACh_from")}
        out = shows.program.run(Inputs(*tested, state, 1, learns=False, more=more))
        errors[dose] = 100 * np.mean(out.answers.argmax(axis=1) != tested[1])
    assert errors[1.0] < 25 and errors[0.0] > 30
