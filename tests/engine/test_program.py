"""A circuit becomes a program: what it is given, what it gives back, compiled and interpreted."""

import numpy as np
import pytest

from models.engine import device, program
from models.engine.recording import Recording
from models.theory import Inputs
from tests.engine import toy

IMAGES = np.array([[1.0, 0.0, 0.5], [0.0, 0.0, 2.0]])
LABELS = np.zeros(2, dtype=int)
STATE = {"W": np.array([[0.5, 2.0], [9.0, 9.0], [-1.0, 3.0]]), "b": np.array([0.0, 0.25])}
KINDS = {"sums": ("a",), "backs": ("back", "p"), "each": ("a",), "answers": ()}
RECORD = Recording(KINDS, ("sums", "backs"))


@pytest.fixture(autouse=True)
def quick_runtime():
    device.interpret()


@pytest.fixture(scope="module", params=["runtime", "standalone"])
def adds(request):
    device.interpret()
    return program.build(toy.plan(record=RECORD), request.param)


def by_hand(rate=0.5, learns=True):
    """The same in NumPy: answers, what came back, and the state at the end."""
    W, b = (STATE[name].copy() for name in "Wb")
    answers, backs = [], []
    for p in IMAGES:
        a = b + p @ W
        fired = a > 1
        a = a + 10 * fired
        answers.append(a)
        backs.append(W @ (a * fired))
        b = b + rate * learns * a
        W = W + rate * learns * np.outer(p, np.ones(2))
    return np.array(answers), np.array(backs), {"W": W, "b": b}


def test_every_moment_event_and_pathway_does_what_it_says_in_its_order(adds):
    answers, backs, state = by_hand()
    out = adds.run(Inputs(IMAGES, LABELS, STATE, 1))
    assert (answers > 1).any() and not (answers > 1).all()
    np.testing.assert_allclose(out.answers, answers, rtol=1e-12)
    np.testing.assert_allclose(out.measures["loss"], answers.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(out.records["backs", "pixels", "back"], backs, rtol=1e-12)
    for name, value in state.items():
        np.testing.assert_allclose(out.state[name], value, rtol=1e-12, err_msg=name)


def test_rates_are_those_of_the_epoch(adds):
    out = adds.run(Inputs(IMAGES, LABELS, STATE, 1, epoch=2))
    for name, value in by_hand(rate=0.125)[2].items():
        np.testing.assert_allclose(out.state[name], value, rtol=1e-12, err_msg=name)


def test_records_have_a_row_an_image_or_a_step_and_a_column_a_cell(adds):
    records = adds.run(Inputs(IMAGES, LABELS, STATE, 1)).records
    shapes = {key: v.shape for key, v in records.items() if key[0] != "answers"}
    assert shapes == {
        ("sums", "sums", "t"): (2,),
        ("sums", "sums", "a"): (2, 2),
        ("backs", "pixels", "t"): (2,),
        ("backs", "pixels", "back"): (2, 3),
        ("backs", "pixels", "p"): (2, 3),
        ("each", "sums", "t"): (2,),
        ("each", "sums", "a"): (2, 2),
    }
    np.testing.assert_array_equal(records["backs", "pixels", "p"], IMAGES)
    np.testing.assert_allclose(records["each", "sums", "t"], [0, 1])  # ms


def test_a_kind_without_variables_has_the_times_of_the_event_of_its_name(adds):
    answers, _, _ = by_hand()
    records = adds.run(Inputs(IMAGES, LABELS, STATE, 1)).records
    image, cell = np.nonzero(answers > 1)
    assert len(image) > 1 and [key for key in records if key[:2] == ("answers", "pixels")] == []
    np.testing.assert_array_equal(records["answers", "sums", "t"], image)  # ms, one step each
    np.testing.assert_array_equal(records["answers", "sums", "i"], cell)


def test_fewer_images_are_padded_with_ones_that_teach_nothing(adds):
    one, two = (adds.run(Inputs(IMAGES[:n], LABELS[:n], STATE, 1)) for n in (1, 2))
    assert one.answers.shape == (1, 2) and one.measures["loss"].shape == (1,)
    np.testing.assert_array_equal(one.answers[0], two.answers[0])
    np.testing.assert_allclose(one.state["b"], STATE["b"] + 0.5 * one.answers[0])


def test_what_has_no_plastic_in_it_learns_whatever_is_asked(adds):
    """``learns`` is the number ``plastic``: a theory has to name it."""
    out = adds.run(Inputs(IMAGES, LABELS, STATE, 1, learns=False))
    np.testing.assert_array_equal(out.state["b"], STATE["b"])
    assert (out.state["W"] != STATE["W"]).any()


def test_a_state_that_the_program_has_no_use_for_comes_back_as_it_was(adds):
    out = adds.run(Inputs(IMAGES, LABELS, STATE | {"more": np.ones(3)}, 1))
    np.testing.assert_array_equal(out.state["more"], np.ones(3))


@pytest.mark.parametrize(
    "change, words",
    [
        ({"images": np.ones((3, 3)), "labels": np.zeros(3)}, "1 to 2 images, not 3"),
        ({"images": np.ones((0, 3)), "labels": np.zeros(0)}, "1 to 2 images, not 0"),
        ({"images": np.ones((2, 4))}, "input 'images' has 8 values, not 6"),
        ({"state": {"W": STATE["W"]}}, "missing input 'b'"),
        ({"state": STATE | {"W": np.ones((2, 2))}}, "input 'W' has 4 values, not 6"),
    ],
)
def test_what_does_not_fit_is_refused(adds, change, words):
    inputs = Inputs(IMAGES, LABELS, STATE, 1)._replace(**change)
    with pytest.raises(ValueError, match=words):
        adds.run(inputs)


def test_times_that_are_given_reach_the_network_only_if_its_text_names_them():
    built = program.build(toy.plan(), "runtime")
    assert {"images", "plastic", "W", "b", "k"} == set(built.accepts)
