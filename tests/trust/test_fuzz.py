"""Readers, given inputs that nobody wrote: a short form of ``benchmarks.trust.fuzz``, by chance."""

import io
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from experiments.run.files import RunError
from experiments.run.folder import RunFolder
from experiments.study.results import read_rows
from tests.analysis import test_report
from tests.trust import targets

INPUTS, FEW = 150, 30  # of each target
SLOW = ("model", "model values", "records", "records objects", "variant")
RECORDED = ("spikes", "voltages", "plateaus", "variables")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A good run folder."""
    return test_report.write(tmp_path_factory.mktemp("fuzz") / "made", RECORDED).path


@pytest.fixture
def place(made):
    """A folder in which inputs of one target are read, and a good run folder."""
    with tempfile.TemporaryDirectory(dir=targets.workplace()) as base:
        yield targets.settle(made, Path(base))


@pytest.mark.parametrize("name", targets.TARGETS)
def test_any_input_is_refused_in_a_sentence_or_read_right(place, name):
    target, inputs = targets.TARGETS[name], FEW if name in SLOW else INPUTS
    for given in targets.changed(target.seeds(place / "good"), inputs, seed=1):
        wrong = targets.wrong(target, place, given)
        assert wrong is None, f"{wrong}: {given[:300]!r}"


def test_each_target_is_of_one_reader():
    named = [name for names in targets.READERS.values() for name in names]
    assert sorted(named) == sorted(targets.TARGETS)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_good_inputs_are_read(place, name):
    target = targets.TARGETS[name]
    if name.endswith((" values", " objects")) or name in ("formulas", "options", "circuit"):
        return  # its good inputs are changes, or pieces
    for given in target.seeds(place / "good"):
        target.read(place, given)


# --- what was found -------------------------------------------------------------------------------


def test_a_cell_of_a_table_is_a_line_of_text(tmp_path):
    """Written again, a cell that ends in a carriage return would be two."""
    (tmp_path / "table.csv").write_bytes(b'a,b\n1,":\r"\n')
    with pytest.raises(RunError, match="no line of text"):
        read_rows(tmp_path / "table.csv")


def test_a_file_that_is_read_takes_no_more_memory_than_it_is_large(place):
    tracemalloc.start()
    RunFolder(place / "good").state()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 24


def test_a_checkpoint_holds_arrays_and_no_less_than_no_images(place):
    path = place / "run" / "weights" / "checkpoint.npz"
    good = targets.members((place / "good" / "weights" / "checkpoint.npz").read_bytes())
    with np.load(io.BytesIO(targets.zipped(good))) as found:
        arrays = dict(found)
    path.write_bytes(targets.zipped(good + targets.NEXT + b"more.npy\nx"))
    with pytest.raises(RunError, match="more than arrays"):
        RunFolder(place / "run").state()
    np.savez(path, **arrays | {"images_seen": -1})
    with pytest.raises(RunError, match="how many images"):
        RunFolder(place / "run").state()


def test_what_a_table_holds_is_told_in_short(place):
    folder = place / "run"
    good = (place / "good" / "metrics.csv").read_text()
    for text in (
        good.replace("wall_seconds", "wall_seconds,\x00"),
        good + "x" * 10**4 + ",,,,,,,\n",
    ):
        (folder / "metrics.csv").write_text(text)
        with pytest.raises(RunError, match="damaged") as caught:
            RunFolder(folder).metrics()
        assert len(str(caught.value)) < targets.LETTERS
    (folder / "table.csv").write_text("a,\x07\n1,2\n")
    with pytest.raises(RunError, match="no name"):
        read_rows(folder / "table.csv")
