"""The page on a run stands alone, sets the equations as they were run, and says what is missing."""

import dataclasses
import json
import math
import random
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from analysis import report, weights
from analysis.drawing import equations, mathml
from analysis.drawing import figure as command
from analysis.drawing import html as page
from experiments.run.config import Config
from experiments.run.folder import Checkpoint, RunError, RunFolder
from models import describe
from tests.test_analysis import NEURONS, PHASES, metrics, recorded

CONFIG = Config(layers=(6, 10), epochs=2, seed=3)
SIZES = {"input": 9, "hidden_0": 6, "output": 10}
SECTIONS = (
    "configuration",
    "provenance",
    "equations",
    "learning",
    "spikes",
    "potentials",
    "weights",
)
VOID = {"meta", "img", "br"}
RESULT = {"test_error": 12.5, "epochs": 2, "images": 200, "cpu_ms_per_image": 0.25}


def learned(scale=1.0, seed=0):
    """Weights of the small network."""
    rng = np.random.default_rng(seed)
    shapes = {"W_0": (9, 6), "b_0": 6, "W_1": (6, 10), "b_1": 10, "c_0": 6, "Y_0": (10, 6)}
    values = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
    return values | {"c_0": np.zeros(6)}


@pytest.fixture(scope="module")
def text():
    """The equations of the small network as written into a run folder."""
    return describe.text(CONFIG.model(9, 10))


def write(path, text, kinds=(), result=RESULT, **options):
    """Write a run folder; ``options`` change its configuration."""
    run = RunFolder(path)
    run.write_json("config.json", dataclasses.asdict(CONFIG) | options)
    run.write_json("provenance.json", {"packages": {"brian2": "2.10.1"}, "commit": "0123abcd"})
    run.write_text("equations.txt", text)
    run.write_metrics(metrics())
    run.write_weights(Checkpoint(0, learned()), weights.INITIAL)
    run.write_weights(Checkpoint(200, learned(3.0)))
    if result:
        run.write_json("result.json", result)
    if kinds:
        run.write_records(recorded(kinds), SIZES, [7, 2], 10, PHASES, NEURONS, {})
    return run


@pytest.fixture
def make(tmp_path, text):
    return lambda *kinds, **options: write(tmp_path / "run", text, kinds, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, text):
    """A run with everything, after its report."""
    run = write(tmp_path_factory.mktemp("whole") / "run", text, ("spikes", "voltages", "plateaus"))
    assert report.main([str(run.path)]) == 0
    return run


@pytest.fixture
def quick(monkeypatch):
    """Figures that any run has are not drawn: reading its files fails, or not, before that."""

    def image(figure, alt, caption):
        if figure:
            command.plt.close(figure)
        return page.element("figure", alt)

    for module in (report.learning_curve, report.weights):
        monkeypatch.setattr(module, "draw", lambda run: None)
    monkeypatch.setattr(report, "image", image)


class Reader(HTMLParser):
    """Elements of a page, with their attributes and text, all closed in turn."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, _, said in self.open:
            said.append(data)

    def all(self, tag, **attributes):
        """Text and attributes of all elements of a kind."""
        return [
            ("".join(said), found)
            for name, found, said in self.found
            if name == tag and attributes.items() <= found.items()
        ]

    def section(self, name):
        """What a section says."""
        [(said, _)] = self.all("section", id=name)
        return said


def read(run):
    """The page on a run, in the project's style."""
    with command.plt.style.context(command.STYLE):
        return Reader(report.page(run))


# --- the page ------------------------------------------------------------------------------------


def test_the_command_writes_one_page_and_says_where(make, quick, capsys, tmp_path):
    run = make()
    for options, path in (
        ([], run.path / "report.html"),
        (["--out", str(tmp_path / "new" / "page.html")], tmp_path / "new" / "page.html"),
    ):
        before = set(tmp_path.rglob("*"))
        assert report.main([str(run.path), *options]) == 0
        assert capsys.readouterr() == (f"{path}\n", "")
        assert set(tmp_path.rglob("*")) - before - {path.parent} == {path}


def test_the_page_stands_alone(whole):
    text = (whole.path / "report.html").read_text()
    assert len(text) < 3e6
    found = Reader(text)
    for _, attributes, _ in found.found:
        for name, value in attributes.items():
            if name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
                assert value.startswith(("data:image/", "#")), value
    kinds = {tag for tag, _, _ in found.found}
    assert not kinds & {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
    assert not re.search(r"url\(|@import|@font-face", found.all("style")[0][0])
    policy = found.all("meta", **{"http-equiv": "Content-Security-Policy"})[0][1]["content"]
    assert "default-src 'none'" in policy


def test_the_page_is_led_through_by_headings_links_and_alternative_texts(whole):
    found = Reader((whole.path / "report.html").read_text())
    assert found.all("html")[0][1]["lang"] == "en"
    [(title, _)] = found.all("title")
    assert title == found.all("h1")[0][0] == "digits, layers 6-10, seed 3, 2 epochs"
    names = [at["id"] for _, at, _ in found.found if "id" in at]
    assert len(set(names)) == len(names)
    assert [at["href"] for _, at in found.all("a")] == [f"#{name}" for name in SECTIONS]
    assert [at["id"] for _, at in found.all("section")] == list(SECTIONS)
    assert [said for said, _ in found.all("h2")] == [name.capitalize() for name in SECTIONS]
    pictures = found.all("img")
    assert len(pictures) == 4 and all(len(at["alt"]) > 20 for _, at in pictures)
    assert "12.50 %" in pictures[0][1]["alt"]
    assert not found.all("p", **{"class": "note"})
    assert {at["scope"] for _, at in found.all("th")} == {"col", "row", "rowgroup"}


def test_the_page_says_what_was_run_and_what_came_of_it(make, quick):
    found = read(make())
    said = found.all("table", **{"class": "figures"})[0][0]
    for expected in ("test error12.50 %", "epochs2", "learned from200", "0.250 ms an image"):
        assert expected in said
    options = found.section("configuration")
    for name, value in (("layers", "6 10"), ("seed", "3"), ("clear", "no"), ("g_a", "–")):
        assert f"{name}{value}" in options
    numbers = found.all("table", **{"class": "numbers"})[0][0]
    assert "9 × 6mV ms" in numbers and "10mV" in numbers
    assert "brian2 2.10.1" in found.section("provenance")
    assert "0123abcd" in found.section("provenance")


def test_the_same_run_gives_the_same_page(whole):
    with command.plt.style.context(command.STYLE):
        assert report.page(whole) == (whole.path / "report.html").read_text()


def test_text_of_a_run_is_never_read_as_html(make, text, quick):
    run = make(dataset="<script>alert('1')</script>", variant="\ud800\"&'")
    run.write_text("equations.txt", text.replace("somatic potential", "<b onclick='x'>"))
    found = read(run)
    assert not found.all("script") and not found.all("b")
    assert "<script>alert('1')</script>" in found.all("title")[0][0]
    assert "<b onclick='x'>" in found.section("equations")
    assert report.main([str(run.path)]) == 0


# --- what is not there ---------------------------------------------------------------------------


def test_a_run_that_has_not_finished_says_so_and_how_far_it_is(make, quick):
    run = make(result=None, epochs=7)
    [(note, _), *_] = read(run).all("p", **{"class": "note"})
    assert "not finished" in note and "2 of 7 epochs" in note and "12.50 %" in note
    run.write_metrics([])
    found = read(run)
    assert "not been through a chunk" in found.all("p", **{"class": "note"})[0][0]
    assert "no whole epoch" in found.section("learning")


def test_a_run_that_goes_on_says_that_its_result_is_an_earlier_one(make, quick):
    found = read(make(epochs=5))
    note = found.all("p", **{"class": "note"})[0][0]
    assert "not finished" in note and "2 of 5 epochs" in note
    assert "12.50 %" in found.all("table", **{"class": "figures"})[0][0]


def test_tests_on_images_held_out_are_told_from_those_on_the_test_set(make, quick):
    assert "held out" in read(make(validation=20)).all("header")[0][0]


def test_a_run_without_records_says_how_to_record(make, quick):
    found = read(make())
    for name in ("spikes", "potentials"):
        assert "--resume --record spikes voltages plateaus" in found.section(name)
    assert len(found.all("figure")) == 2


def test_records_of_some_kinds_only_give_the_figures_that_they_allow(make, quick):
    found = read(make("spikes"))
    assert "--record voltages" in found.section("potentials")
    assert "--record" not in found.section("spikes")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("provenance.json", "provenance"),
        ("equations.txt", "equations"),
        ("metrics.csv", "learning"),
        ("weights/checkpoint.npz", "weights"),
        ("weights/epoch_000.npz", "weights"),
        ("result.json", None),
        ("records.h5", "spikes"),
    ],
)
def test_what_is_missing_or_damaged_is_left_out_with_a_reason(name, section, make, quick):
    run = make()
    for damaged in (None, b"\x80\x00,\n", b"[3]"):
        if damaged is None:
            (run.path / name).unlink(missing_ok=True)
        elif name == "records.h5":
            continue  # raster and voltages say so themselves
        else:
            (run.path / name).write_bytes(damaged)
        found = read(run)
        said = found.section(section) if section else found.all("header")[0][0]
        if damaged != b"[3]" or name != "equations.txt":  # which is text, if no equation
            assert "Left out" in said or "not finished" in said or "no whole epoch" in said
        reasons = [note for note, _ in found.all("p", **{"class": "note"})]
        assert all(str(run.path) not in note for note in reasons)
        assert len(reasons) <= 3  # the other parts are there
        assert len(found.all("section")) == len(SECTIONS)


@pytest.mark.parametrize(
    "change",
    [
        {"W_0": np.full((9, 6), np.nan)},
        {"W_0": np.zeros((9, 7))},
        {"W_0": np.zeros((0, 6))},
        {"W_0": np.array([["a"] * 6] * 9)},
        {"W_2": np.zeros((1, 1))},
    ],
)
def test_weights_that_are_no_weights_are_refused(change, make, quick):
    run = make()
    run.write_weights(Checkpoint(200, learned() | change))
    assert "Left out: weights" in read(run).section("weights")
    with pytest.raises(RunError, match="weights"):
        weights.load(run)


def test_what_is_no_run_folder_is_refused_in_one_line(make, quick, tmp_path, capsys):
    def refused(*arguments):
        assert report.main([str(a) for a in arguments]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith("analysis.report: ")
        return err

    empty = tmp_path / "empty"
    empty.mkdir()
    assert "config.json" in refused(empty)
    assert "config.json" in refused(tmp_path / "nowhere")
    assert list(empty.iterdir()) == [] and not (tmp_path / "nowhere").exists()
    run = make()
    for out in (run.path, "."):
        assert "irectory" in (said := refused(run.path, "--out", out)) or "folder" in said
    (run.path / "config.json").write_text('{"layers": "none"}')
    assert "layers" in refused(run.path)
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob("*.html"))


def test_a_network_without_hidden_layers_has_a_page(make, quick):
    run = make(layers=(10,))
    values = {name[:-1] + "0": v for name, v in learned().items() if name in ("W_1", "b_1")}
    for name in (weights.INITIAL, "checkpoint.npz"):
        run.write_weights(Checkpoint(200, values), name)
    run.write_records(recorded(["spikes"]), SIZES, [7, 2], 10, PHASES, NEURONS, {})
    found = read(run)
    assert "hidden layers" in found.section("potentials")
    assert "6 × 10" in found.section("weights")


# --- equations -----------------------------------------------------------------------------------


def lines(text):
    """All equations and statements in the text of a model, as they are written there."""
    cells, synapses = text.split("\nsynapses\n")
    for line in cells.splitlines():
        code = line.partition("#")[0].strip()
        if code and not re.match(r"=+$|\w+: \d+ cells", code):
            yield re.split(r"\s*:\s", code)[0]
    for line in synapses.splitlines():
        _, gap, code = re.match(r"(.*?)(\s{2,}|$)(.*)", line).groups()
        if gap and re.search(r" (\S?=|[<>]) ", code):
            yield from code.split("; ")


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
    """Models with all options, as text."""
    return describe.text(Config(**MODELS[request.param]).model(16, 10))


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
    assert headings[-2:] == ["synapses", "parameters"]
    alike = [said for said, _ in found.all("p") if "as hidden_0" in said]
    assert len(alike) == len(re.findall("as hidden_0", described))


NAMES = (
    "V V_a V_b V_bar V_a_bar V_bar_pre phi phi_max phi_pre phi_star sigma_bar alpha_f alpha_t "
    "psp_a psp_b psp_a_post psp_b_post x x_a x_b x_a_post x_b_post s s_bar s_bar_pre tau_s tau_L "
    "b c I I_a g_l g_a g_b g_d g_E g_I g_teach E_E E_I k_b k_d P_0 P_1 eta eta_Y delta delta_post "
    "delta_Y delta_Y_post error error_post e_bp e_bp_post e_back e_back_pre e_inv w n n_a n_spikes "
    "n_spikes_pre n_left n_left_pre left_x left_s history oldest ahead d_f d_t in_f in_t i "
    "per_class example dt mV ms Hz volt second plateau_window plateau_sd plateau_max images "
    "labels plastic rand randn poisson clip int phi_bar g_e g_i psp_e psp_i x_e x_i x_e_post "
    "x_i_post E_e E_i"
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
        case "mn":
            return node.text
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
        assigned = re.fullmatch(r"(\w+) (.?)= (.*)", code)
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
    monkeypatch.setattr("tests.test_report.NAMES", tuple("abcd"))
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
    text = """hidden_0: 6 cells, integrator exact
==============
# soma
dV/dt = -g_l*V        # leak
        + I           : volt (unless refractory)  # and input

tau = 3*ms            : second

# at onset: an image appears
V = clip(V,
         0*mV, 1*mV)  # kept in range
import os
"""
    found = Reader(equations.show(text))
    shown = [said for said, _ in found.all("annotation")]
    assert shown == ["dV/dt = -g_l*V + I", "tau = 3*ms", "V = clip(V, 0*mV, 1*mV)"]
    assert [said for said, _ in found.all("code")] == ["import os"]
    cells = [said for said, _ in found.all("td")]
    assert cells[:2] == ["volt (unless refractory)", "leak and input"]
    assert cells[5] == "kept in range"
    titles = [said for said, at in found.all("th") if at["scope"] == "rowgroup"]
    assert titles == ["soma", "at onset: an image appears"]


# --- weights -------------------------------------------------------------------------------------


@pytest.fixture
def ax():
    figure, axes = command.plt.subplots()
    yield axes
    command.plt.close(figure)


def test_a_histogram_counts_every_weight_now_and_at_the_beginning(ax):
    rng = np.random.default_rng(1)
    now, initial = rng.normal(size=(2, 40, 5))
    assert weights.plot_histogram(now, initial, ax) is ax
    edges = np.linspace(-1, 1, weights.BINS + 1) * max(np.abs([now, initial]).max(axis=(1, 2)))
    for patch, values in zip(ax.patches, (initial, now), strict=True):
        points = patch.get_xy()
        heights = points[1 : 2 * weights.BINS : 2, 1]
        np.testing.assert_array_equal(heights, np.histogram(values, edges)[0])
        assert heights.sum() == 200


def test_a_receptive_field_is_the_image_row_by_row_on_a_symmetric_scale(ax):
    values = np.arange(1.0, 55).reshape(6, 9).T * [1, -1, 1, 1, 1, 1]
    assert weights.plot_fields(values, ax, columns=4) is ax
    [image] = ax.images
    sheet = np.ma.filled(image.get_array(), np.nan)
    assert sheet.shape == (8, 16)
    np.testing.assert_array_equal(sheet[:3, 4:7], -np.arange(10.0, 19).reshape(3, 3))
    np.testing.assert_array_equal(sheet[4:7, :3], np.arange(37.0, 46).reshape(3, 3))
    assert np.isnan(sheet).sum() == 8 * 16 - 54
    low, high = image.get_clim()
    assert -low == high == np.quantile(np.abs(values), 0.995)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0 +", "4 +"]


def test_weights_in_numbers():
    change = weights.change(np.array([[3.0, 5.0]]), np.array([[0.0, 1.0]]))
    assert change == ((1, 2), 4.0, 1.0, math.sqrt(34), 5.0)
    assert weights.change(np.ones(2), np.zeros(2)).relative == math.inf
    assert weights.change(np.zeros(2), np.zeros(2)).relative == 0


def test_the_figure_of_weights_has_a_panel_for_each_kind_and_fields_of_square_images(make, capsys):
    run = make()
    assert weights.main([str(run.path)]) == 0
    assert (run.path / "figures" / "weights.png").read_bytes().startswith(b"\x89PNG")
    with command.plt.style.context(command.STYLE):
        figure = weights.draw(run, cells=4)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[:2] == ["feedforward weights $W_{0}$", "feedforward weights $W_{1}$"]
    assert len(titles) == 5 + 2  # and the fields and their colours; c_0 is 0 throughout
    assert all("mV" in ax.get_xlabel() for ax in figure.axes[:5])
    assert "mV ms" in figure.axes[-1].get_ylabel()
    heights = {patch.get_label(): patch.get_xy()[:, 1].max() for patch in figure.axes[0].patches}
    assert heights["at the beginning"] > heights["now"]  # which are spread three times as wide
    command.plt.close(figure)
    for name in (weights.INITIAL, "checkpoint.npz"):
        run.write_weights(Checkpoint(0, learned() | {"W_0": np.ones((8, 6))}), name)
    figure = weights.draw(run)
    assert len(figure.axes) == 5
    command.plt.close(figure)
    capsys.readouterr()
    assert weights.main([str(run.path), "--cells", "0"]) == 2
    assert "--cells" in capsys.readouterr().err


def test_a_page_can_hold_what_json_holds():
    value = json.loads('{"a": [1, 2.50, null, true], "b": {"c": []}}')
    assert report._text(value) == "a 1 2.5 – yes, b c –"
