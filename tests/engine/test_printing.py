"""What is simulated, as data and as text; and whether two of them are of the same simulation."""

import copy
import json

import pytest
from brian2 import ms

from models.engine import printing
from models.engine.cell import Cell
from models.engine.circuit import Sweep
from models.segregated.model import Model
from models.segregated.pyramidal import HIDDEN
from tests.engine import dynamic, toy


def told(**options):
    return printing.described(toy.circuit(**options), toy.MOMENTS, {"about": "a toy"})


def hidden(**change):
    return Model((4, 3, 10), hidden=HIDDEN.vary(**change)).model()


# --- the same simulation, or another -------------------------------------------------------------


def test_a_model_is_the_same_as_itself_and_as_what_a_file_holds_of_it():
    for model in (told(), hidden()):
        assert printing.same(model, model)
        assert printing.same(json.loads(json.dumps(model)), model)


WORDS = {
    "a comment": ("sum", "a : 1  # what they said then\nk : 1 (shared)\nb : 1"),
    "spaces": ("sum", "\n    a   :  1\n\n    k : 1   (shared)\n    b :1  \n"),
}


@pytest.mark.parametrize("part, code", WORDS.values(), ids=WORDS)
def test_comments_and_spaces_make_no_other_simulation(part, code):
    assert printing.same(told(above=toy.SUM.vary(parts={part: code})), told())


def test_what_things_mean_and_where_they_are_from_makes_no_other_simulation():
    model = hidden()
    other = copy.deepcopy(model)
    for cell in other["cells"]:
        for block in cell.get("blocks", ()):
            block["meaning"] = "in other words"
    for row in other["parameters"]:
        row["source"] = "another paper"
    assert other != model and printing.same(other, model)


def change(**keywords):
    return told(above=toy.SUM.vary(**keywords))


OTHERS = {
    "an equation": change(parts={"sum": "a : 1\nk : 1 (shared)\nb : 1\nc : 1"}),
    "a statement": change(moments={"grow": "b += k*a"}),
    "a moment": toy.SUM.vary(moments={"grow": ""}).vary(
        moments={"onset": "a = b\nb += k*a*plastic(example*dt)"}
    ),
    "a part more": change(parts={"more": "q : 1"}),
    "a constant": change(parts={"more": "q = theta : 1"}, constants={"theta": 2.0}),
    "a rest": change(rest={"b": "1"}),
    "the integrator": change(integrator="euler"),
    "a size": told(sums=3),
    "the order of sweeps": told(order=(*toy.ORDER[:1], *toy.ORDER[:0:-1])),
    "the way of a sweep": told(order=(toy.ORDER[0], Sweep(("send",), "down"), *toy.ORDER[2:])),
}
OTHERS["a moment"] = told(above=OTHERS["a moment"])


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_any_other_change_makes_another_simulation(other):
    assert not printing.same(other, told())
    assert not printing.same(json.loads(json.dumps(other)), told())


def test_a_value_of_a_parameter_or_a_constant_makes_another_simulation():
    part = {"more": "q = theta : 1"}
    one, other = (change(parts=part, constants={"theta": k}) for k in (1.0, 2.0))
    assert not printing.same(one, other)
    assert not printing.same(hidden(params={"g_b": 0.5 / ms}), hidden())


@pytest.mark.parametrize("key", ["code", "when"])
def test_synapses_that_do_something_else_or_at_another_time_make_another_simulation(key):
    other = copy.deepcopy(told())
    other["synapses"][0]["rows"][0][key] += "x"
    assert not printing.same(other, told())


# --- data and text -------------------------------------------------------------------------------


def test_everything_that_runs_is_told():
    model = told()
    assert [(cell["name"], cell["size"]) for cell in model["cells"]] == [("pixels", 3), ("sums", 2)]
    blocks = {block["name"]: block for block in model["cells"][1]["blocks"]}
    assert blocks["sum"]["kind"] == "equations" and blocks["sum"]["code"] == toy.SUM.parts["sum"]
    grow = {"kind": "statements", "code": "b += k*a*plastic(example*dt)"}
    assert blocks["at grow"] == {"name": "at grow", "meaning": "the image is gone"} | grow
    assert blocks["at answer"]["kind"] == "condition" and blocks["at answer"]["code"] == "a > 1"
    assert blocks["at its own answer"]["code"] == "a += 10"
    (W,) = model["synapses"]
    assert (W["from"], W["to"], W["equations"]) == ("pixels", "sums", "w : 1  # weight")
    assert W["rows"] == [
        {"when": "send of pixels", "code": "a_post += w*p_pre"},
        {"when": "answer of sums", "code": "back_pre += w*a_post"},
        {"when": "send of pixels, at grow", "code": "w += k_post*p_pre"},
    ]
    assert model["order"][1] == {"moments": ["send"], "along": "up"}
    assert model["settings"] == {"about": "a toy"}


def test_a_cell_that_is_like_another_is_told_once():
    model = Model((4, 3, 3, 10)).model()
    first, second = model["cells"][1:3]
    assert "blocks" in first and second["like"] == "hidden_0" and "blocks" not in second
    assert "hidden_1: 3 cells, as hidden_0" in printing.text(model)


def test_the_text_says_all_of_the_data():
    model = told(above=toy.SUM.vary(parts={"more": "q = theta : 1"}, constants={"theta": 2.5}))
    text = printing.text(json.loads(json.dumps(model)))
    for cell in model["cells"]:
        assert f"{cell['name']}: {cell['size']} cells, integrator exact" in text
        for block in cell["blocks"]:
            assert block["code"] in text and block["meaning"] in text
    for row in model["synapses"][0]["rows"]:
        assert row["when"] in text and row["code"] in text
    assert "| theta | 2.5 | 1 | sums | a constant of these cells |" in text
    assert "from the output down" in text and "a toy" in text


def test_only_symbols_that_are_used_are_told():
    unused = toy.SUM.vary(constants={"theta": 2.5})
    assert [row["symbol"] for row in told(above=unused)["parameters"]] == []


def test_a_parameter_that_a_variant_changes_says_what_it_usually_is():
    rows = {row["symbol"]: row for row in hidden(params={"g_b": 0.5 / ms})["parameters"]}
    source = rows["g_b"]["source"]
    assert (rows["g_b"]["value"], rows["g_b"]["unit"]) == ("0.5", "1/ms")
    assert source.startswith("this variant; usually 0.6 (P Table 1")


def test_comments_beside_equations_are_what_variables_mean():
    cell = Cell.of({"one": "a : 1  # first\nb : 1", "two": "dx/dt = -x/ms : 1  # a trace"})
    assert printing.meanings(cell.parts.values()) == {"a": "first", "x": "a trace"}


def test_an_equation_may_go_over_several_lines():
    part = "a = b\n  + c  # of two\n  - 1 : 1  # a sum\nb : 1  # one"
    assert printing.meanings([part]) == {"a": "a sum", "b": "one"}


# --- what moves in time --------------------------------------------------------------------------


def moving(delay=3 * ms, change=lambda table: table):
    table = dynamic.circuit(delay)
    return printing.described(change(table), dynamic.MOMENTS, {})


def with_projection(name, **changes):
    def change(table):
        changed = table.projections[name]._replace(**changes)
        return table._replace(projections=dict(table.projections) | {name: changed})

    return moving(change=change)


def test_delays_pairs_equations_of_synapses_and_inputs_are_told():
    text = printing.text(json.loads(json.dumps(moving())))
    for line in (
        "goal         2 of each image",
        "gain         1 of each image",
        "W, pixels to cells, integrator exact:",
        "    w                                     : 1  # weight",
        "    dg/dt = (x_pre - g*(1 + v_post))/tau_g : 1 (clock-driven)  # eligibility",
        "S, cells to sinks, 4 synapses: w : 1",
        "D, cells to sinks: w : 1",
        f"    {'spike of cells, 3 ms later':<32} z_post += w",
        "| tau_g | 20 | ms | cells | a constant of these cells |",
    ):
        assert line in text.splitlines()


MOVED = {
    "a delay": moving(4 * ms),
    "pairs": with_projection("S", pairs=(dynamic.PAIRS[0], dynamic.PAIRS[1][::-1])),
    "all pairs": with_projection("S", pairs=None),
    "how synapses are stepped": with_projection("W", integrator="euler"),
    "an equation of synapses": with_projection(
        "W", equations=dynamic.circuit(ms).projections["W"].equations.replace("x_pre", "2*x_pre")
    ),
    "an input": moving(change=lambda table: table._replace(inputs={"goal": 3, "gain": 0})),
}


@pytest.mark.parametrize("other", MOVED.values(), ids=MOVED)
def test_another_delay_pair_equation_or_input_makes_another_simulation(other):
    assert printing.same(moving(), moving())
    assert not printing.same(other, moving())


def test_equations_of_synapses_in_one_line_as_older_files_have_them_are_the_same():
    older = moving()
    older["synapses"][0]["equations"] = "; ".join(older["synapses"][0]["equations"].splitlines())
    assert printing.same(older, moving())
