"""Variants of the circuit's cells: what each does, what is refused, and what becomes of runaways."""

import dataclasses

import numpy as np
import pytest

from experiments import train
from models import describe
from models.engine import device
from models.engine.recording import Recording
from models.microcircuit import variants
from models.theory import Inputs
from tests.microcircuit import examples
from tests.microcircuit.examples import MICROCIRCUIT, PLASTIC

SIZES = (5, 4, 3)
OWN = [name for name in variants.names() if name != variants.PAPER]
CONTINUOUS = ("--theory", "microcircuit", "--dynamics", "continuous")


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


def run(record=(), images=2, **given):
    """A small circuit after two patterns: its state before, and what came of it."""
    network = examples.network(SIZES, **{"lasts": 2.0} | PLASTIC | given)
    state = network.start(3)
    program = network.program(images, record=Recording({"all": record}), device="runtime")
    x, goals, _ = examples.patterns(SIZES, images)
    return state, program.run(examples.inputs(x, goals, state))


def written(folder, text):
    """A variant file."""
    path = folder / "mine.py"
    path.write_text(text)
    return str(path)


# --- all variants, also those that are yet to be written ------------------------------------------


@pytest.mark.parametrize("name", OWN)
def test_a_variant_learns_other_weights_than_the_papers_cells(name):
    (state, out), (_, paper) = run(variant=name), run()
    for key in ("W_0", "W_1", "IP_0"):
        assert np.isfinite(out.state[key]).all() and (out.state[key] != state[key]).any(), key
    # in 4 ms of a taught circuit no variant is far from the paper's, and none is the same
    away = [np.abs(out.state[f"u_{n}"] - paper.state[f"u_{n}"]).max() for n in ("hidden_0", "inter_0")]
    assert 1e-6 < max(away) < 1


@pytest.mark.parametrize("name", OWN)
def test_describe_prints_a_variant_and_what_it_changes(name, capsys):
    assert describe.main([*CONTINUOUS, "--variant", name]) == 0
    said, about = capsys.readouterr().out, variants.read(name).about
    assert about.splitlines()[0] in said and "changes from the paper's cells" in said
    assert "none" not in said.split("changes from the paper's cells")[1]
    assert all(word in about for word in ("Source", "Expect")), "say where from"


def test_the_papers_cells_are_said_to_be_the_papers(capsys):
    assert describe.main([*CONTINUOUS]) == 0
    assert capsys.readouterr().out.split("changes from the paper's cells")[1].split()[1] == "none"


# --- what each of them says of itself -------------------------------------------------------------
