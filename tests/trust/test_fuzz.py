"""Readers, given inputs that nobody wrote: a short form of ``benchmarks.trust.fuzz``, by chance."""

import pytest

from tests.analysis import test_report
from tests.trust import targets

INPUTS = 150  # of each target
RECORDED = ("spikes", "voltages", "plateaus", "variables")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder in which inputs are read, and a good run folder."""
    base = tmp_path_factory.mktemp("fuzz")
    return targets.settle(test_report.write(base / "made", RECORDED).path, base)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_any_input_is_refused_in_a_sentence_or_read_right(place, name):
    target, inputs = targets.TARGETS[name], INPUTS
    for given in targets.changed(target.seeds(place / "good"), inputs, seed=1):
        wrong = targets.wrong(target, place, given)
        assert wrong is None, f"{wrong}: {given[:300]!r}"


@pytest.mark.parametrize("name", targets.TARGETS)
def test_good_inputs_are_read(place, name):
    target = targets.TARGETS[name]
    if name.endswith((" values", " objects")) or name in ("formulas", "options", "circuit"):
        pytest.skip("its good inputs are changes, or pieces")
    for given in target.seeds(place / "good"):
        target.read(place, given)
