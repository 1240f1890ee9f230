"""The page on a run stands alone, sets the equations as they were run, and says what is missing."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from analysis import report, weights
from analysis.drawing import html as page
from analysis.drawing.writing import STYLE, plt
from analysis.reporting import origin, outcome
from experiments.run.confusion import Confusion
from experiments.run.folder import Checkpoint, RunError, RunFolder, of_epoch
from tests.analysis.runs import CONFIG, CONFUSION, NETWORK, metrics, write_model, write_records
from tests.browser import too_wide

SECTIONS = ("learning", "answers", "examples", "spikes", "potentials", "weights", "equations")
SECTIONS += ("configuration", "provenance")
UNRECORDED = [name for name in SECTIONS if name not in ("spikes", "potentials")]
VOID = {"meta", "img", "br"}
RESULT = {"test_error": 12.5, "epochs": 2, "images": 200, "cpu_ms_per_image": 0.25}


def learned(scale=1.0, seed=0):
    """Weights of the small network."""
    rng = np.random.default_rng(seed)
    shapes = {"W_0": (9, 6), "b_0": 6, "W_1": (6, 10), "b_1": 10, "c_0": 6, "Y_0": (10, 6)}
    values = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
    return values | {"c_0": np.zeros(6)}


def write(path, kinds=(), result=RESULT, **options):
    """Write a run folder; ``options`` change its configuration."""
    run = RunFolder(path)
    run.write_json("config.json", CONFIG.flat() | options)
    run.write_json("provenance.json", {"packages": {"brian2": "2.10.1"}, "commit": "0123abcd"})
    run.write_text("equations.txt", NETWORK.text())
    write_model(run)
    run.write_metrics(metrics())
    run.write_confusion(Confusion(tuple("0123456789"), CONFUSION))
    run.write_state(Checkpoint(0, learned()), weights.INITIAL)
    run.write_state(Checkpoint(200, learned(3.0)))
    if result:
        run.write_json("result.json", result)
    if kinds:
        write_records(run, kinds)
    return run


@pytest.fixture
def make(tmp_path):
    return lambda *kinds, **options: write(tmp_path / "run", kinds, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run with everything, after its report."""
    run = write(tmp_path_factory.mktemp("whole") / "run", ("spikes", "voltages", "plateaus"))
    assert report.main([str(run.path)]) == 0
    return run


@pytest.fixture
def quick(monkeypatch):
    """Figures that any run has are not drawn: reading its files fails, or not, before that."""

    def image(figure, alt, caption):
        if figure:
            plt.close(figure)
        return page.element("figure", alt)

    for module in (outcome.learning_curve, outcome.answers, outcome.weights):
        monkeypatch.setattr(module, "draw", lambda run: None)
    monkeypatch.setattr(outcome, "image", image)


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
    with plt.style.context(STYLE):
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
    assert title == found.all("h1")[0][0] == "segregated: digits, layers 6-10, seed 3, 2 epochs"
    names = [at["id"] for _, at, _ in found.found if "id" in at]
    assert len(set(names)) == len(names)
    assert [at["href"] for _, at in found.all("a")] == [f"#{name}" for name in SECTIONS]
    assert [at["id"] for _, at in found.all("section")] == list(SECTIONS)
    heads = [said for said, _ in found.all("h2")]
    assert heads[1] == "Answers of the last test" and len(heads) == len(SECTIONS)
    assert heads[::2] == [name.capitalize() for name in SECTIONS[::2]]
    pictures = found.all("img")
    assert len(pictures) == 6 and all(len(at["alt"]) > 20 for _, at in pictures)
    assert "12.50 %" in pictures[0][1]["alt"]
    assert not found.all("p", **{"class": "note"})
    assert {at["scope"] for _, at in found.all("th")} == {"col", "row", "rowgroup"}


def test_the_page_says_what_was_run_and_what_came_of_it(make, quick):
    found = read(make())
    said = found.all("table", **{"class": "figures"})[0][0]
    for expected in ("test error12.50 % (5 of 40 images)", "epochs2", "200", "0.25 ms an image"):
        assert expected in said
    options = found.section("configuration")
    for name, value in (("layers", "6 10"), ("seed", "3"), ("clear", "no"), ("g_a", "–")):
        assert f"{name}{value}" in options
    numbers = found.all("table", **{"class": "numbers"})[0][0]
    assert "9 × 6mV ms" in numbers and "10mV" in numbers
    assert "brian2 2.10.1" in found.section("provenance")
    assert "0123abcd" in found.section("provenance")


def test_the_page_begins_with_what_was_learned_and_folds_the_equations(whole):
    found = Reader((whole.path / "report.html").read_text())
    order = [(tag, at.get("id")) for tag, at, _ in found.found if tag in ("section", "img")]
    places = [order.index(("section", name)) for name in SECTIONS]
    assert order[places[0] + 1][0] == order[places[1] + 1][0] == order[places[2] + 1][0] == "img"
    said = found.section("answers")
    assert "5 of 40 test images were answered wrongly: 12.50 %." in said
    assert "Most frequent: 2 taken for 4 (2), 8 taken for 3 (2)." in said
    [(folded, _), (source, _)] = found.all("details", **{"class": "folded"})
    assert "hidden_0: 6 cells" in folded and NETWORK.text() in source
    assert "hidden_0: 6 cells" not in found.section("weights")


def test_figures_are_enlarged_without_a_script(whole):
    found = Reader((whole.path / "report.html").read_text())
    zoomed = found.all("details", **{"class": "zoom"})
    assert len(zoomed) == len(found.all("img")) and not found.all("script")
    assert "enlarges" in found.all("header")[0][0]


def test_nothing_of_the_page_is_wider_than_a_phone_but_what_scrolls_in_its_place(whole, tmp_path):
    assert too_wide([whole.path / "report.html"], tmp_path) == []


def test_the_same_run_gives_the_same_page(whole):
    with plt.style.context(STYLE):
        assert report.page(whole) == (whole.path / "report.html").read_text()


def test_text_of_a_run_is_never_read_as_html(make, quick):
    run = make(dataset="<script>alert('1')", variant="\ud800\"&'")
    bold = "<b onclick='x'>"
    run.write_text("equations.txt", NETWORK.text().replace("somatic potential", bold))
    model = json.dumps(run.model()).replace("somatic potential", bold)
    run.write_json("model.json", json.loads(model))
    found = read(run)
    assert not found.all("script") and not found.all("b")
    assert "<script>alert('1')" in found.all("title")[0][0]
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
    assert not re.search(r"\bnan\b", found.all("header")[0][0] + found.section("learning"))


def test_how_far_a_run_is_says_on_how_many_images_it_was_tested_last(make, quick):
    run = make(result=None, epochs=7)
    run.write_metrics(metrics()[:6])  # a quick test is the last
    [(note, _), *_] = read(run).all("p", **{"class": "note"})
    assert "1.5 of 7 epochs, last test error 16.67 % (2 of 10 images)" in note
    run.write_metrics(metrics()[:1])
    assert "no test yet" in read(run).all("p", **{"class": "note"})[0][0]


def test_a_run_that_is_to_record_at_its_end_says_so(make, quick):
    assert "at the end of the run" in read(make(result=None, record=["spikes"])).section("examples")


def test_nothing_was_learned_in_no_epochs(make, quick):
    run = make(epochs=0, result={"test_error": 12.5, "epochs": 0, "images": 0})
    found = read(run)
    assert "in 0 epochs" in found.section("learning")
    assert "images shown" not in found.all("header")[0][0]
    run.write_state(Checkpoint(0, learned()))
    said = read(run).section("weights")
    assert "before anything was learned" in said and said.count("unchanged") == 6


def test_a_time_that_no_clock_tells_is_not_said_to_be_none(make, quick):
    run = make(result=RESULT | {"cpu_ms_per_image": 0.0, "wall_ms_per_image": 0.0312})
    said = read(run).all("header")[0][0]
    assert "too short to measure" in said and "0.0312 ms an image" in said


@pytest.mark.parametrize(
    "began, now, said",
    [(0.0, 2.0, "from 0"), (1e-4, 2.0, "from nearly 0"), (2.0, 2.0, "unchanged"), (1, 1.5, "0.5")],
)
def test_a_change_is_told_beside_where_it_began(began, now, said):
    found = weights.change(np.full(3, now), np.full(3, began))
    assert outcome.moved(found.relative) == said


def test_the_page_of_an_epoch_says_what_is_of_that_epoch(make, quick):
    run = make(record_epochs=[1])
    run.write_state(Checkpoint(100, learned(2.0)), of_epoch(1))
    found = read(RunFolder(run.path, epoch=1))
    assert "after epoch 1" in found.all("h1")[0][0]
    assert "Weights and records are those after epoch 1" in found.all("header")[0][0]
    assert "not one after epoch 1" in found.section("answers")
    assert "after 100 images" in found.section("weights")
    assert "--record-epochs 1" in found.section("examples")


def test_a_run_that_goes_on_says_that_its_result_is_an_earlier_one(make, quick):
    found = read(make(epochs=5))
    note = found.all("p", **{"class": "note"})[0][0]
    assert "not finished" in note and "2 of 5 epochs" in note
    assert "12.50 %" in found.all("table", **{"class": "figures"})[0][0]


def test_the_equations_of_an_earlier_version_are_shown_as_they_were_kept(make, quick):
    run = make()
    (run.path / "model.json").unlink()
    found = read(run)
    assert NETWORK.text() in found.section("equations")
    assert not [said for said, _ in found.all("annotation") if "/dt" in said]


def test_tests_on_images_held_out_are_told_from_those_on_the_test_set(make, quick):
    found = read(make(validation=20))
    said = found.all("header")[0][0]
    assert "held out" in said and "validation error" in said and "test error" not in said
    assert "of 40 validation images" in found.section("answers")


def test_a_run_without_records_says_how_to_record(make, quick):
    found = read(make())
    assert "--resume --record spikes voltages plateaus" in found.section("examples")
    assert [at["id"] for _, at in found.all("section")] == UNRECORDED  # it is said once
    assert len(found.all("figure")) == 3


def test_records_of_some_kinds_only_give_the_figures_that_they_allow(make, quick):
    found = read(make("spikes"))
    assert "--record voltages" in found.section("potentials")
    assert "--record" not in found.section("spikes")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("provenance.json", "provenance"),
        ("equations.txt", "equations"),
        ("model.json", "equations"),
        ("metrics.csv", "learning"),
        ("confusion.csv", "answers"),
        ("weights/checkpoint.npz", "weights"),
        ("weights/epoch_000.npz", "weights"),
        ("result.json", None),
        ("records.h5", "examples"),
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
        earlier = name == "model.json" and damaged is None  # a run of an earlier version
        if not earlier and (damaged != b"[3]" or name != "equations.txt"):  # which is text
            assert "Left out" in said or "not finished" in said or "no whole epoch" in said
        reasons = [note for note, _ in found.all("p", **{"class": "note"})]
        assert all(str(run.path) not in note for note in reasons)
        units = name == "model.json" and 2  # which learning and weights are told in
        assert len(reasons) <= 3 + units  # the other parts are there
        assert [at["id"] for _, at in found.all("section")] == UNRECORDED


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
    run.write_state(Checkpoint(200, learned() | change))
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
        run.write_state(Checkpoint(200, values), name)
    write_records(run, ["spikes"])
    found = read(run)
    assert "--record voltages" in found.section("potentials")
    assert "6 × 10" in found.section("weights")


def test_a_page_can_hold_what_json_holds():
    value = json.loads('{"a": [1, 2.50, null, true], "b": {"c": []}}')
    assert origin.text(value) == "a 1 2.5 – yes, b c –"


def test_a_page_on_a_run_whose_configuration_has_no_names_is_refused(tmp_path, capsys):
    run = RunFolder(tmp_path)
    run.write_text("config.json", "[]")
    assert report.main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "config.json" in said and said.count("\n") == 1
    for damaged in ("{", "[1]"):
        run.write_text("result.json", damaged)
        with pytest.raises(RunError, match="result.json"):
            run.result()


def test_the_report_tells_each_start_of_a_run(tmp_path):
    run = RunFolder(tmp_path)
    starts = [{"images_seen": 0, "commit": "0123"}, {"images_seen": 60, "commit": "4567"}]
    run.write_json("provenance.json", {"seed": 1, "starts": starts})
    shown = origin.provenance(run)
    assert shown.count("<table") == 2 and "0123" in shown and "4567" in shown
    assert "at the beginning" in shown and "after 60 images" in shown
    run.write_json("provenance.json", {"commit": "89ab", "compiler": "g++ 1"})  # an older file
    shown = origin.provenance(run)
    assert shown.count("<table") == 1 and "89ab" in shown and "g++ 1" in shown
