"""The equations of a run are set as they were run: every one of them, and with the same value."""

import json
import math
import random
import re
from xml.etree import ElementTree

import pytest

from analysis.drawing import equations, mathml
from analysis.drawing import html as page
from experiments.run.config import Config
from tests.analysis.test_report import Reader
from tests.engine import dynamic


def lines(model):
    """All equations and statements of a model, as they are written there."""
    for cell in model["cells"]:
        for block in cell.get("blocks", ()):
            for line in block["code"].splitlines():
                code = line.partition("#")[0].strip()
                if code:
                    yield re.split(r"\s*:\s", code)[0]
    for projection in model["synapses"]:
        for row in projection["rows"]:
            yield from row["code"].split("; ")


MODELS = {
    "paper": {"layers": (7, 6, 10)},
    "code": {"layers": (7, 10), "spike_draw": "poisson", "memory": 10, "asynchronous": True},
    "own": {"layers": (7, 10), "variant": "conductance_synapses"},
    "options": {"layers": (7, 10), "eta_feedback": (0.1,), "feedback_bias": True, "clear": True},
    "literal": {"layers": (10,), "teaching": "literal"},
    "backprop": {"layers": (7, 6, 10), "rule": "backprop"},
}


@pytest.fixture(scope="module", params=MODELS)
def described(request):
    """Models with all options, as data that was in a file."""
    model = Config.of(MODELS[request.param]).network(16, 10).model()
    return json.loads(json.dumps(model))


def test_every_equation_of_a_model_is_on_its_page_as_mathematics(described):
    found = Reader(equations.show(described))
    written = list(lines(described))
    assert len(written) > 30
    shown = [said for said, _ in found.all("annotation")]
    assert [code for code in written if code not in shown] == []
    assert found.all("code") == []
    said = "".join(said for said, _ in found.all("table"))
    assert "somatic potential" in said and "volt/second" in said and "highest firing rate" in said
    headings = [said for said, _ in found.all("h3")]
    assert headings[-4:] == ["synapses", "order within a step", "settings", "parameters"]
    alike = [said for said, _ in found.all("p") if "as hidden_0" in said]
    assert len(alike) == sum(cell.get("like") == "hidden_0" for cell in described["cells"])


def test_everything_else_of_a_model_is_on_its_page(described):
    said = re.sub(r"<[^>]*>", "", equations.show(described))
    for cell in described["cells"]:
        assert f"{cell['name']}: {cell['size']} cells" in said
        for block in cell.get("blocks", ()):
            assert page.escape(block["meaning"]) in said
    for projection in described["synapses"]:
        assert f"{projection['name']}, {projection['from']} to {projection['to']}" in said
        assert all(row["when"] in said for row in projection["rows"])
    for row in described["parameters"]:
        assert row["value"] in said and page.escape(row["source"]) in said
    for sweep in described["order"]:
        assert ", ".join(sweep["moments"]) in said
    assert all(page.escape(text) in said for text in described["settings"].values())


def test_what_moves_in_time_is_on_its_page():
    model = json.loads(json.dumps(dynamic.network().model()))
    said = re.sub(r"<[^>]*>", "", equations.show(model))
    for text in ("goal2 of each image", "S, cells to sinks, 4 synapses: w : 1", "3 ms later"):
        assert text in said
    assert "W, pixels to cells, integrator exact: w" in said and "; dg/dt = " in said


NAMES = (
    "V V_a V_b V_bar V_a_bar V_bar_pre phi phi_max phi_pre phi_star sigma_bar alpha_f alpha_t "
    "psp_a psp_b psp_a_post psp_b_post x x_a x_b x_a_post x_b_post s s_bar s_bar_pre tau_s tau_L "
    "b c I I_a g_l g_a g_b g_d g_E g_I g_teach E_E E_I k_b k_d P_0 P_1 eta eta_Y delta delta_post "
    "delta_Y delta_Y_post error error_post e_bp e_bp_post e_back e_back_pre e_inv w n n_a n_spikes "
    "n_spikes_pre n_left n_left_pre left_x left_s history oldest ahead d_f d_t in_f in_t i "
    "per_class example dt mV ms Hz volt second plateau_window plateau_sd plateau_max images "
    "labels plastic rand randn poisson clip int phi_bar g_e g_i psp_e psp_i x_e x_i x_e_post "
    "x_i_post E_e E_i apical_steps base"
).split()
SIGNS = {"−": "-", "=": "==", "≠": "!=", "≤": "<=", "≥": ">=", "\u2062": "*", "\u2061": ""}
SIGNS |= {"⌊": "floor(", "⌋": ")", "←": "="}


def spoken(node):
    """What MathML shows, as code: a fraction bar and a raised power hold together, no row does."""
    code = ElementTree.tostring(node, encoding="unicode").strip()
    known = {mathml.symbol(name): name for name in NAMES}
    if code in known:
        return known[code]
    if node.tag == "msup" and node[0].text == "e":
        return f"exp({spoken(node[1])})"
    parts = [spoken(child) for child in node]
    match node.tag:
        case "mo":
            return SIGNS.get(node.text, node.text)
        case "mn" | "mtext":
            return node.text
        case "mspace":
            return " "
        case "mi" if node.text == "mod":
            return "%"
        case "mfrac":
            return "(({})/({}))".format(*parts)
        case "msup":
            return "{}**({})".format(*parts)
        case "mrow" if node[0].text == node[-1].text == "|":
            return f"abs({''.join(parts[1:-1])})"
        case "mrow":
            return "".join(parts)
    raise AssertionError(code)


def reads(math):
    """A ``<math>`` element as code, and the code that it was made from."""
    [row, note] = ElementTree.fromstring(math)[0]
    return spoken(row), note.text


def test_what_is_set_has_the_value_of_what_was_written(described):
    rng = random.Random(1)
    values = {name: rng.uniform(1, 3) for name in NAMES} | {"i": 7, "per_class": 2}
    values |= {"exp": math.exp, "floor": math.floor, "abs": abs, "int": int}
    values |= {name: lambda *v: math.fsum(v) + 2 for name in ("images", "labels", "plastic")}
    values |= {name: lambda *v: math.fsum(v) + 2 for name in ("clip", "rand", "randn", "poisson")}
    for code in lines(described):
        assigned = re.fullmatch(r"(\w+) ([-+*/]?)= (.*)", code)
        derivative = re.fullmatch(r"d(\w+)/dt = (.*)", code)
        if re.fullmatch(r"\w+", code):
            continue
        if derivative:
            right, _ = reads(mathml.equation(f"{derivative[1]} = {derivative[2]}"))
            right, expected = right.partition("==")[2], derivative[2]
        elif assigned:
            name, sign, expected = assigned.groups()
            [shown] = mathml.statement(code)
            target, _, right = reads(shown)[0].partition("=")
            assert target == name
            expected = f"{name} {sign} ({expected})" if sign else expected
        else:
            [shown] = mathml.statement(code)
            right, expected = reads(shown)[0], code
        assert eval(right, values) == pytest.approx(eval(expected, values), rel=1e-12), code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("a - (b - c)", "a-(b-c)"),
        ("a - b + c", "a-b+c"),
        ("a*(b + c)", "a*(b+c)"),
        ("a*b/c*d", "((a*b)/(c))*d"),
        ("a/(b/c)", "((a)/(((b)/(c))))"),
        ("-a*b", "-a*b"),
        ("-(a + b)", "-(a+b)"),
        ("a + -b", "a+(-b)"),
        ("a*(-b)", "a*(-b)"),
        ("-a/b + c", "-((a)/(b))+c"),
        ("(a/b)**2", "(((a)/(b)))**(2)"),
        ("(-a)**b", "(-a)**(b)"),
        ("-a**b", "-a**(b)"),
        ("exp(a)**2", "(exp(a))**(2)"),
        ("exp(-a/b)", "exp(-a/b)"),
        ("exp(a/(b*c))", "exp(a/(b*c))"),
        ("a//b", "floor(a/b)"),
        ("(a < b)*c", "(a<b)*c"),
        ("abs(a - b)", "abs(a-b)"),
        ("a <= b < c", "a<=b<c"),
        ("1e-3*a", "0.001*a"),
    ],
)
def test_an_expression_keeps_its_order_and_the_parentheses_that_it_needs(code, shown, monkeypatch):
    monkeypatch.setattr("tests.analysis.test_equations.NAMES", tuple("abcd"))
    assert reads(mathml.equation(f"a = {code}")) == (f"a=={shown}", f"a = {code}")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("V", "<mi>V</mi>"),
        ("tau_L", "<msub><mi>τ</mi><mrow><mi>L</mi></mrow></msub>"),
        ("phi_star", "<msup><mi>φ</mi><mo>*</mo></msup>"),
        ("P_0", "<msub><mi>P</mi><mrow><mn>0</mn></mrow></msub>"),
        ("V_bar", '<mover><mi>V</mi><mo stretchy="false">¯</mo></mover>'),
        (
            "V_a_bar",
            '<msub><mover><mi>V</mi><mo stretchy="false">¯</mo></mover>'
            "<mrow><mi>a</mi></mrow></msub>",
        ),
        (
            "x_b_post",
            "<msub><mi>x</mi><mrow><mi>b</mi><mo>,</mo><mi>post</mi></mrow></msub>",
        ),
        ("per_class", "<mi>per_class</mi>"),
        ("_hidden", "<mi>_hidden</mi>"),
    ],
)
def test_names_become_symbols(name, shown):
    assert mathml.symbol(name) == shown


def test_a_derivative_is_a_fraction_and_an_assignment_an_arrow():
    shown = mathml.equation("dpsp_a/dt = -psp_a/tau_L")
    above = '<mi mathvariant="normal">d</mi><msub><mi>psp</mi><mrow><mi>a</mi></mrow></msub>'
    assert f"<mfrac><mrow>{above}</mrow>" in shown
    [first, second] = mathml.statement("x += w; a = b")
    assert "<mi>x</mi><mo>←</mo><mi>x</mi><mo>+</mo><mi>w</mi>" in first
    assert "<mi>a</mi><mo>←</mo><mi>b</mi>" in second
    assert "<mo>−</mo><mrow><mo>(</mo>" in mathml.statement("x -= a + b")[0]


@pytest.mark.parametrize(
    "code",
    [
        "a = ",
        "a = b c",
        "a = lambda: 0",
        "a = b if c else d",
        "a = 'text'",
        "a = b.c",
        "a = f(x=1)",
        "a = b & c",
        "a = True",
        "1 = a",
        "a = " + "(" * 300 + "b" + ")" * 300,
        "a = " + "+".join("b" * 5000),
    ],
)
def test_what_is_no_equation_is_shown_as_it_is(code):
    assert equations.formula(code) == f"<code>{page.escape(code)}</code>"
    assert equations.formula("<" + code) == f"<code>&lt;{page.escape(code)}</code>"


def test_an_equation_may_go_over_several_lines_and_keeps_its_unit_and_comment():
    soma = """dV/dt = -g_l*V        # leak
        + I           : volt (unless refractory)  # and input

tau = 3*ms            : second
"""
    onset = """V = clip(V,
         0*mV, 1*mV)  # kept in range
import os
"""
    blocks = [{"name": "soma", "kind": "equations", "code": soma, "meaning": ""}]
    about = {"name": "at onset", "kind": "statements", "meaning": "an image appears"}
    blocks.append(about | {"code": onset})
    cell = {"name": "hidden_0", "size": 6, "integrator": "exact", "blocks": blocks}
    rest = {"synapses": [], "order": [], "parameters": [], "settings": {}}
    found = Reader(equations.show({"cells": [cell]} | rest))
    shown = [said for said, _ in found.all("annotation")]
    assert shown == ["dV/dt = -g_l*V + I", "tau = 3*ms", "V = clip(V, 0*mV, 1*mV)"]
    assert [said for said, _ in found.all("code")] == ["import os"]
    cells = [said for said, _ in found.all("td")]
    assert cells[:2] == ["volt (unless refractory)", "leak and input"]
    assert cells[5] == "kept in range"
    titles = [said for said, at in found.all("th") if at["scope"] == "rowgroup"]
    assert titles == ["soma", "at onset: an image appears"]
