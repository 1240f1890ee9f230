"""Tiny versions of all measurements, and how they end that cannot do their work."""

import shutil
import subprocess

import numpy as np
import pytest

from benchmarks import (
    agreement,
    bounds,
    compiling,
    curves,
    dendrites,
    ensemble,
    figure,
    firing,
    growth,
    layer,
    speed,
)
from benchmarks.measuring import FLAGS, HERE, write
from experiments.run.data import FILES, Dataset
from models.engine import compiler


@pytest.fixture
def bench(tmp_path, monkeypatch, capsys):
    """The command of agreement, with a bound's source and data: its status and its one line."""
    (tmp_path / "limit.cpp").write_text("int main() { return 3; }\n")
    (tmp_path / "data").mkdir()
    for name in FILES.values():
        (tmp_path / "data" / name).write_bytes(b"raw")
    monkeypatch.setattr(agreement, "OUT", tmp_path / "out")

    def run(**given):
        words = {"limit": "limit.cpp", "data-dir": "data", "runs": "runs"} | given
        options = [w for k, v in words.items() for w in (f"--{k}", str(tmp_path / v))]
        status = agreement.main(options)
        said = capsys.readouterr().err
        assert said.count("\n") == 1, said
        return status, said

    return run


def fake_compiler(folder, program):
    """A compiler whose programs are a shell script."""
    path = folder / "fake-c++"
    path.write_text(
        '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n'
        f'printf \'#!/bin/sh\\n{program}\\n\' > "$2" && chmod +x "$2"\n'
    )
    path.chmod(0o755)
    return path


def test_a_benchmark_without_what_it_needs_ends_in_one_line(bench, tmp_path, monkeypatch):
    assert bench(limit="nothing.cpp") == (
        2,
        f"benchmarks.agreement: --limit: no file {tmp_path}/nothing.cpp\n",
    )
    status, line = bench(**{"data-dir": "nowhere"})
    assert status == 2 and "--data-dir: no folder" in line
    monkeypatch.setenv("CXX", "c++-of-tomorrow")
    status, line = bench()
    assert status == 2 and "$CXX is 'c++-of-tomorrow'" in line


def test_a_bound_that_fails_is_said_to_in_one_line(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement, "ours", lambda *_: [1.0])
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "echo no luck >&2; exit 3")))
    status, line = bench()
    assert status == 2 and "limit failed with status 3: no luck" in line
    assert not list((tmp_path / "runs").glob("*.txt"))


def test_ctrl_c_ends_a_benchmark_with_130(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(curves.train, "main", lambda words: 130)
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "exit 0")))
    status, line = bench()
    assert status == 130 and line.startswith("stopped;")


# --- tiny versions --------------------------------------------------------------------------------


class Other:
    """A program that always takes a millisecond an image and hidden cell."""

    def seconds(self, hidden, learning=True):
        return 1e-3 * sum(hidden)


@pytest.fixture(scope="module")
def data():
    """Three images of noise."""
    images, labels = np.random.default_rng(0).random((3, 784)), np.arange(3)
    return Dataset(images, labels, images, labels, 10)


def test_hand_written_programs_compile_without_a_warning(tmp_path):
    found = compiler.find_compiler()
    for path in HERE.glob("*.cpp"):
        flags = compiler.accepted(FLAGS, found)
        words = [found, *flags, "-Wall", "-o", str(tmp_path / path.stem), path]
        done = subprocess.run(words, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), path.name


def test_the_ensemble_without_noise_is_the_hand_written_one(tmp_path):
    levels = [(-70, 270), (1430, 570), (530, 470), (400, 400)]
    same = {"cells": 5, "steps": 400, "sigma": 0}
    ours, hand = ensemble.Ours(levels, **same), ensemble.Hand(levels, tmp_path, **same)
    counts = ours.run()[1]
    assert counts.tolist() == hand.run()[1].tolist()
    assert counts[0].tolist() == [0, 0] and (counts[1:].sum(axis=0) > 0).all()


def test_the_hand_written_ensemble_has_the_rates_of_the_paper(tmp_path):
    hand = ensemble.Hand([(400, 400)] * 25, tmp_path, cells=1000)
    rate, percent = ensemble.rates(hand.run()[1], cells=1000)
    assert rate == pytest.approx(7.8, rel=0.05) and percent == pytest.approx(49, abs=2)


def test_the_layer_ends_with_the_weights_of_the_hand_written_one(tmp_path):
    same = {"sizes": (7, 5), "steps": 40}
    ours, theirs = layer.Ours(3, **same).run()[1], layer.Hand(3, tmp_path, **same).run()[1]
    assert layer.difference(ours, theirs, (7, 5)) < layer.LARGEST
    assert not np.allclose(theirs, layer.start((7, 5))[2], rtol=1e-4)


def test_spiking_cells_learn_what_the_hand_written_ones_do(tmp_path):
    task = firing.Task((9, 5, 3), 40, 400, 0.3, lasts=60)
    ours = firing.Ours(task, 6)
    start = [ours.start[name] for name in ("W_0", "W_1")]
    hand = firing.Hand(task, tmp_path, start)
    apart = firing.differences(ours.run(5), hand.run(5), start)
    assert all(apart[name] < most for name, most in firing.LARGEST.items()), apart
    assert len(set(hand.run(5)[1])) > 1  # cells fire, and learn
    row = firing.beside_hand(task, tmp_path, repeats=2)
    assert len(row) == len(firing.COLUMNS) and row[0] == "9-5-3"


def test_silent_synapses_of_images_can_be_left_out(data):
    row = firing.of_images(data, hidden=3, images=3, repeats=2)
    assert row[0] == "784-3-10" and float(row[-1]) < 1e-4


@pytest.fixture
def patterns():
    """Forty images of twelve pixels, four of which are dark for two mini-batches."""
    images, labels = np.random.default_rng(0).random((40, 12)), np.arange(40) % 3
    images[10:30, :4] = 0
    return Dataset(images, labels, images, labels, 3)


@pytest.mark.parametrize(
    ("sizes", "words"), [((12, 7, 6, 3), {}), ((12, 7, 3), {"low_rank": True})]
)
def test_dendrites_end_where_the_hand_written_ones_do(patterns, tmp_path, sizes, words):
    row = dendrites.in_time(
        patterns, tmp_path, "a tenth", words, sizes=sizes, images=2, repeats=1, lasts=10.0
    )
    assert row[0] == "-".join(map(str, sizes)) and len(row) == len(dendrites.COLUMNS)
    assert all(float(apart) < 1e-4 for apart in row[-2:])


def test_dendrites_in_sweeps_end_where_the_hand_written_ones_do(patterns, tmp_path):
    row = dendrites.in_sweeps(patterns, tmp_path, (12, 7, 6, 3), images=40, checked=40, repeats=1)
    assert len(row) == len(dendrites.COLUMNS) and float(row[-1]) < 1e-3


def test_dendrites_of_another_model_are_refused():
    dendrites.refuse_others("sweeps", {"weights": 0.0})
    for apart in (0.1, np.nan):  # nan: nothing has changed
        with pytest.raises(ValueError, match="sweeps: weights differ by"):
            dendrites.refuse_others("sweeps", {"weights": apart})


def test_speed_and_growth_are_measured_and_drawn_with_and_without_others(data, tmp_path):
    for programs in ({}, {"bound by step": Other(), "limit": Other()}):
        rows = speed.beside(data, programs, [(3,)], images=1, repeats=2)
        assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
        assert len(rows) == 2 * max(1, len(programs))
        write(tmp_path / "speed.csv", speed.COLUMNS, rows)
        rows = growth.times(data, programs, (2, 3), images=1, rounds=2)
        assert len(rows) == 2 * (1 + len(programs)) and rows[1][-1] == "1.000"
        write(tmp_path / "growth.csv", growth.COLUMNS, rows)
        figure.draw(tmp_path)
        assert (tmp_path / "speed.png").exists()
        (tmp_path / "speed.png").unlink()
    (row,) = speed.chunks(data, (1,))
    assert len(row) == len(speed.CHUNKS) and 0 < float(row[-1]) < 100
    rows = growth.memory(data, (2, 3))
    assert [row[2] for row in rows] == [2 * (784 + 10 + 10), 3 * (784 + 10 + 10)]
    assert all(1 < float(row[3]) < 100 for row in rows)


def test_a_build_that_is_there_costs_no_compiling(monkeypatch, capsys):
    monkeypatch.setattr(compiling, "IMAGES", 1)
    for _ in range(2):
        assert compiling.main(["--build", "new", "784", "3", "10"]) == 0
    compilers, *_ = map(float, capsys.readouterr().out.splitlines()[-1].split())
    assert compilers < 1


def test_only_programs_whose_source_is_there_are_held_beside_ours(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "exit 0")))
    there = bounds.found(tmp_path, tmp_path / "data", tmp_path)
    assert list(there) == ["limit"] and there["limit"].seconds((3,)) < 1
    assert bounds.found(tmp_path, tmp_path / "nowhere", tmp_path) == {}
    shutil.copy(tmp_path / "limit.cpp", tmp_path / "bound.cpp")
    assert list(bounds.found(tmp_path, tmp_path / "data", tmp_path)) == list(bounds.SOURCES)
