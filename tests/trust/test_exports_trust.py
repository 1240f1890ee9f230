"""Run folders and results of a stranger: read right or refused in a sentence, and no way out."""

import csv
import json
import os
import time

import h5py
import numpy as np
import pytest

from analysis import __main__ as door
from analysis import export, learning_curve, raster, reading, report, summary, voltages, weights
from analysis.drawing import equations, mathml
from analysis.exporting.recorded import load
from analysis.reporting import outcome
from experiments.run import named
from experiments.run.files import RunError
from experiments.study.results import COLUMNS, Results, read_rows
from tests.analysis import test_export, test_report
from tests.analysis.runs import metrics

COMMANDS = {"learning_curve": learning_curve, "raster": raster, "voltages": voltages}
COMMANDS |= {"weights": weights, "report": report}
ALL = ("spikes", "voltages", "plateaus", "variables")


@pytest.fixture
def run(tmp_path):
    """A run folder with everything in it."""
    return test_report.write(tmp_path / "run", ALL)


@pytest.fixture
def said(capsys):
    """Run a command: its exit status and what it says on stderr, which is a line at most."""

    def call(main, *words):
        status = main([str(word) for word in words])
        err = capsys.readouterr().err
        assert status in (0, 2) and err.count("\n") <= 1, err
        return status, err

    return call


def every(run, said, only=tuple(COMMANDS)):
    """What is made of a run: name -> status and words; the report draws what the others do."""
    found = {name: said(COMMANDS[name].main, run.path) for name in COMMANDS if name in only}
    out = run.path.parent / f"tables{time.monotonic_ns()}"
    return found | {"csv": said(export.main, run.path, "--to", "csv", "--out", out)}


def model(run, change):
    """Change what a run says of its model, whatever the writer thinks of it."""
    found = json.loads((run.path / "model.json").read_text())
    change(found)
    (run.path / "model.json").write_text(json.dumps(found))


def records(run, change):
    with h5py.File(run.path / "records.h5", "a") as file:
        change(file)


def replaced(name, values):
    def change(file):
        kept = dict(file[name].attrs)
        del file[name]
        file[name] = values
        file[name].attrs.update(kept)

    return lambda run: records(run, change)


def of(file, text):
    return lambda run: (run.path / file).write_text(text)


def of_model(change):
    return lambda run: model(run, change)


def config(**values):
    def change(run):
        found = json.loads((run.path / "config.json").read_text())
        (run.path / "config.json").write_text(json.dumps(found | values))

    return change


def rows(**values):
    return lambda run: run.write_metrics([row | values for row in metrics()])


V = "voltages/hidden_0"
DAMAGES = {  # what is wrong with a run -> the parts that must say so
    "a word for a size": (of_model(lambda m: m["cells"][0].update(size="9")), ("csv", "weights")),
    "a huge size": (of_model(lambda m: m["cells"][0].update(size=10**9)), ("csv", "weights")),
    "cells in a row": (of_model(lambda m: m.update(cells=["a", "b"])), ("csv", "raster")),
    "no cells": (of_model(lambda m: m.update(cells=None)), ("csv", "voltages")),
    "variables in a row": (of_model(lambda m: m.update(variables=[1])), ("learning_curve",)),
    "a number for a unit": (
        of_model(lambda m: m["variables"]["W_0"].update(unit=3)),
        ("weights", "learning_curve"),
    ),
    "a formula for a unit": (
        of_model(lambda m: m["variables"]["W_0"].update(unit="$x_{$")),
        ("weights",),
    ),
    "blocks without code": (of_model(lambda m: m["cells"][1]["blocks"][0].pop("code")), ("csv",)),
    "no model": (of("model.json", "[]"), ("csv", "weights")),
    "NaN": (of("model.json", '{"cells": NaN}'), ("csv", "weights")),
    "packages in a row": (of("provenance.json", '{"packages": ["x"]}'), ("csv",)),
    "a number of packages": (of("provenance.json", '{"packages": {"x": 3}}'), ("csv",)),
    "starts of words": (of("provenance.json", '{"starts": ["x"]}'), ("csv",)),
    "layers of words": (config(layers=["six", "ten"]), tuple(COMMANDS)),
    "infinite layers": (of("config.json", '{"layers": [1e999]}'), tuple(COMMANDS)),
    "layers of yes": (config(layers=[True]), tuple(COMMANDS)),
    "places": (config(record_images=[-1, 10**30]), ("csv",)),
    "no epoch": (rows(epoch=None), ("learning_curve",)),
    "no loss": (rows(output_loss=None), ("learning_curve",)),
    "no examples": (rows(test_examples=None), ("learning_curve",)),
    "labels beyond": (replaced("labels", [7, 10]), ("raster", "voltages", "csv")),
    "labels before": (replaced("labels", [-1, 2]), ("raster", "voltages", "csv")),
    "broken labels": (replaced("labels", [0.5, 2.0]), ("raster", "voltages", "csv")),
    "square labels": (replaced("labels", [[7, 2]]), ("raster", "voltages", "csv")),
    "phases beyond": (replaced("phases/image", [0, 0, 5, 5]), ("raster", "voltages", "csv")),
    "one phase": (replaced("phases/end", [52.0]), ("raster", "voltages", "csv")),
    "an endless phase": (replaced("phases/end", [52.0, 106, 157, np.nan]), ("raster", "csv")),
    "broken cells": (replaced("spikes/output/i", [7.0, 7.5, 2.0]), ("raster", "csv")),
    "a cell too many": (replaced("spikes/output/i", [7, 7, 99]), ("raster", "csv")),
    "a spike too few": (replaced("spikes/output/t", [55.0]), ("raster", "csv")),
    "no times": (replaced("spikes/output/t", np.full(3, np.nan)), ("raster", "csv")),
    "a scalar": (replaced("spikes/output/t", 3.0), ("raster", "csv")),
    "no step": (replaced(f"{V}/t", np.zeros(207)), ("voltages", "csv")),
    "a row of potentials": (replaced(f"{V}/V", np.zeros(207)), ("voltages", "csv")),
    "few plateaus": (replaced("plateaus/hidden_0/alpha_f", np.zeros((2, 1))), ("voltages", "csv")),
    "too large": (replaced(f"{V}/V", np.full((207, 3), 1e300)), ("voltages",)),
    "no potentials": (
        lambda run: records(run, lambda f: (f.pop("voltages"), f.create_group("voltages"))),
        ("voltages",),
    ),
    "no cells' potentials": (
        lambda run: records(run, lambda f: f[V].attrs.pop("neurons")),
        ("voltages", "csv"),
    ),
    "no spikes": (
        lambda run: records(run, lambda f: (f.pop("spikes"), f.create_group("spikes"))),
        ("raster",),
    ),
    "no phases": (lambda run: records(run, lambda f: f.pop("phases")), ("raster", "csv")),
    "no classes": (lambda run: records(run, lambda f: f.attrs.pop("classes")), ("raster", "csv")),
}


@pytest.fixture
def quick(monkeypatch):
    """Figures are drawn, but not written: what they are made from is checked before."""
    from analysis.drawing import figure, html

    def save(make, path, write, root=None):
        made = make()
        if hasattr(made, "savefig"):
            html.plt.close(made)

    monkeypatch.setattr(figure, "save", save)
    monkeypatch.setattr(html.plt.Figure, "draw_without_rendering", lambda self: None)
    monkeypatch.setattr(outcome, "image", lambda figure, *_: html.plt.close(figure) or "")
    yield
    html.plt.close("all")


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_run_is_refused_in_a_sentence(name, run, said, quick):
    damage, parts = DAMAGES[name]
    damage(run)
    found = every(run, said, (*parts, "report"))
    assert [part for part in parts if found[part][0] != 2 or "(" in found[part][1]] == []
    if parts != tuple(COMMANDS):
        assert found["report"][0] == 0


def test_a_good_run_is_read_by_all(run, said, quick):
    assert {status for status, _ in every(run, said).values()} == {0}


@pytest.mark.parametrize(
    "change",
    [
        config(epochs="many"),
        config(epochs=None, seed=["$x^{$", {"a": 1}], dataset="$\\frac$" + "x" * 10**5),
        config(theory=["a"], variant={"b": 1}, epochs=10**400),
        of("result.json", '{"epochs": "2", "test_error": "=1", "images": ' + "9" * 400 + "}"),
        of("provenance.json", '{"starts": [{"a": ' + "[" * 60 + "]" * 60 + "}]}"),
        of_model(lambda m: m["variables"]["W_0"].update(meaning="$x_{$ $\ud800" + "x" * 10**4)),
        of_model(lambda m: m.update(order=[{"moments": ["a"], "along": "sideways"}])),
        of_model(lambda m: m["cells"][1]["blocks"][0].update(kind="poem")),
        of_model(lambda m: [m.pop(key) for key in ("synapses", "order", "settings", "inputs")
                            if key in m]),
        lambda run: os.utime(run.path / "records.h5", (1e12, 1e12)),
    ],
)  # fmt: skip
def test_what_is_odd_but_no_damage_is_shown(change, run, said, quick):
    change(run)
    assert {status for status, _ in every(run, said).values()} == {0}


def test_text_of_a_run_is_no_formula_of_a_figure(run, said):
    config(dataset="$x^{$", variant="$\\nothing$")(run)
    assert said(learning_curve.main, run.path) == (0, "")


def test_files_of_which_any_byte_is_wrong_raise_nothing_else(run, said, quick):
    rng = np.random.default_rng(2)
    for name in ("model.json", "provenance.json", "records.h5"):
        path = run.path / name
        whole = path.read_bytes()
        for place in rng.integers(0, len(whole), 60):
            one = bytearray(whole)
            one[place] = rng.integers(32, 127)
            path.write_bytes(one)
            try:
                load(run)
            except RunError as error:
                assert str(run.path) in str(error)
        path.write_bytes(whole)


# --- no way out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("module, place", [(report, "report.html"), (raster, "figures")])
def test_a_link_that_leads_out_of_a_run_is_not_written_through(module, place, run, said, tmp_path):
    (run.path / place).unlink(missing_ok=True)
    outside = tmp_path / "outside"
    outside.mkdir() if place == "figures" else outside.write_text("mine")
    (run.path / place).symlink_to(outside)
    status, words = said(module.main, run.path)
    assert status == 2 and "leads out of" in words
    assert outside.read_text() == "mine" if outside.is_file() else not list(outside.iterdir())
    inside = tmp_path / "own" / "figure.png"
    assert said(raster.main, run.path, "--out", inside) == (0, "") and inside.stat().st_size > 1000


def test_a_part_of_a_known_name_is_not_followed(run, said, tmp_path):
    (tmp_path / "mine").write_text("mine")
    (run.path / "figures").mkdir()
    (run.path / "figures" / "raster.png.part").symlink_to(tmp_path / "mine")
    (run.path / "report.html.part").symlink_to(tmp_path / "mine")
    for module in (raster, report):
        assert said(module.main, run.path)[0] == 0
    assert (tmp_path / "mine").read_text() == "mine"


def test_an_export_does_not_lead_out_of_the_run(run, said, tmp_path):
    (tmp_path / "outside").mkdir()
    (run.path / "export").symlink_to(tmp_path / "outside")
    status, words = said(export.main, run.path, "--to", "csv")
    assert status == 2 and "leads out of" in words
    assert not list((tmp_path / "outside").iterdir())
    assert said(export.main, run.path, "--to", "csv", "--out", tmp_path / "tables")[0] == 0


def test_no_cell_of_an_export_is_a_formula(run, said, tmp_path):
    assert said(export.main, run.path, "--to", "csv", "--out", tmp_path / "tables")[0] == 0
    for path in (tmp_path / "tables").glob("*.csv"):
        assert read_rows(path)  # which refuses them


def test_two_tables_of_one_name_are_refused(run, said, tmp_path):
    records(run, lambda file: file.move("plateaus", "Images"))
    status, words = said(export.main, run.path, "--to", "csv", "--out", tmp_path / "tables")
    assert status == 2 and "two tables" in words and not (tmp_path / "tables").exists()


@pytest.mark.parametrize("form", ["nwb", "neo"])
def test_odd_texts_of_a_run_are_exported(form, tmp_path):
    pytest.importorskip(test_export.NEEDS[form], reason="the extra `export` is not installed")
    run = test_export.run_folder(tmp_path / "run", (*test_export.KINDS, "variables"))
    about = {"about": "NUL \0 and \ud800", "records": ["spikes"]}
    (run.path / "model.json").write_text(json.dumps(about))
    (run.path / "provenance.json").write_text('{"packages": {"a\\u0000": "\\ud800"}}')

    def change(file):
        file["voltages/hidden_0/V"].attrs["description"] = ""
        file["voltages/hidden_0/V_b"].attrs["description"] = "a/b: c"
        file["variables/hidden_0/h"].attrs["units"] = "(mol/(m^3))/s"

    records(run, change)
    assert export.export(run, form)[0].exists()


# --- the page -------------------------------------------------------------------------------------

SCRIPT = "</code></pre></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_nothing_of_a_run_becomes_a_script_of_its_page(run, quick):
    (run.path / "equations.txt").write_text(SCRIPT)
    config(dataset=SCRIPT, seed=SCRIPT, **{SCRIPT: SCRIPT})(run)
    of("result.json", json.dumps({SCRIPT: SCRIPT, "epochs": 2}))(run)
    of("provenance.json", json.dumps({"starts": [{SCRIPT: {SCRIPT: [SCRIPT]}}]}))(run)

    def change(found):
        found["about"] = SCRIPT
        for cell in found["cells"]:
            cell["integrator"] = SCRIPT
            for block in cell.get("blocks", ()):
                block |= {"name": SCRIPT, "meaning": SCRIPT, "code": f"x = {SCRIPT} : 1 # {SCRIPT}"}
        for one in found["synapses"]:
            one |= {"name": SCRIPT, "from": SCRIPT, "equations": SCRIPT}
            one["rows"] = [
                {"when": SCRIPT, "code": SCRIPT},
                {"when": "", "code": f"x = '{SCRIPT}'"},
            ]
        found["parameters"] = [
            dict.fromkeys(("symbol", "value", "unit", "cells", "source"), SCRIPT)
        ]
        found["settings"] = {SCRIPT: SCRIPT}
        found["order"] = [{"moments": [SCRIPT], "along": SCRIPT}]
        for about in found["variables"].values():
            about["meaning"] = SCRIPT

    model(run, change)
    text = report.page(run)
    found = test_report.Reader(text)  # which wants every element closed in turn
    tags = {tag for tag, _, _ in found.found}
    assert not tags & {"script", "img", "svg", "iframe"}
    assert not [name for _, attributes, _ in found.found for name in attributes
                if name.startswith("on")]  # fmt: skip
    assert text.count("&lt;script&gt;") > 20


ODD = (
    "(" * 5000,
    "-" * 5000 + "x",
    "x = " + "1+" * 5000 + "1",
    "x = " + "f(" * 90 + "1" + ")" * 90,
)
ODD += ("x = 0x" + "f" * 1900, ";" * 2000, "x = 1;" * 10**5, "\0", "x = '\ud800'", "x = f'{y!r}'")
ODD += ("x = 9**9**9**9", "x = lambda: 0", "class A: pass", "x = 1e999", "d/dt = 1", "\\", "x = *")
ODD += ("x = [[[[]]]]", "async def f(): pass", "x = 1 if y else 2", "__import__('os')", "", "=")


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_odd_equations_are_shown_as_they_stand_and_soon(code):
    began = time.process_time()
    for read in (mathml.equation, mathml.statement):
        assert "<script" not in equations.formula(code, read)
    block = {"name": "a", "meaning": "", "code": f"{code}\n" * 3}
    for kind in ("equations", "statements", "condition", "code", "poem"):
        assert "<script" not in str(list(equations._rows(block | {"kind": kind})))
    assert time.process_time() - began < 2


def test_a_long_block_is_not_searched_again_and_again():
    began = time.process_time()
    for kind in ("equations", "statements"):
        block = {"name": "a", "kind": kind, "meaning": "", "code": "(\n" * 10**5}
        assert len(list(equations._rows(block))) == 1
    assert time.process_time() - began < 2


# --- results --------------------------------------------------------------------------------------

ROW = dict.fromkeys(COLUMNS, "") | {"theory": "a", "experiment": "b", "condition": "c"}
ROW |= {"measure": "test_error", "value": "1", "epochs": "2"}


@pytest.fixture
def results(tmp_path):
    """Kept results of one page."""
    found = Results("a", "b", tmp_path / "results")
    found.headline([{"condition": "c", "measure": "test_error", "value": 1.0, "epochs": 2}])
    found.describe({"text": "Why?", "conditions": {"c": {"label": "the c"}}})
    found.configure("c", {"seed": 1})
    return found


TABLES = {
    "a cell too few": "x,y\n1\n",
    "a cell too many": "x,y\n1,2,3\n",
    "a column twice": "x,x\n1,2\n",
    "a long field": "x\n" + "a" * 200_000 + "\n",
    "an open quote": 'x\n"a\n',
    "a formula": 'x\n"=HYPERLINK(""x"")"\n',
    "a command": "x\n@SUM(1)\n",
    "a formula's name": "=x\n1\n",
    "a word among numbers": "x\n1\ntwo\n",
    "no text": b"x\n\xff\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_damaged_tables_of_results_are_refused(name, results):
    text = TABLES[name]
    (results.path / "table.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RunError, match="table.csv is damaged"):
        results.table("table")


def test_tables_keep_rows_of_numbers_among_numbers_and_negative_ones(results):
    rows = [{"x": "16.0 8.0", "y": -1.5}, {"x": "16.0", "y": None}, {"x": "8.0", "y": "-inf"}]
    results.write("table", rows)
    table = results.table("table")
    assert table["x"].tolist() == ["16.0 8.0", "16.0", "8.0"]
    np.testing.assert_array_equal(table["y"], [-1.5, np.nan, -np.inf])


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@a", "\ta"])
def test_no_formula_is_written_into_results(text, results):
    for rows in ([{"condition": text}], [{text: "a"}]):
        with pytest.raises(RunError, match="formula"):
            results.write("table", rows)
    assert not results.has("table")


PAGES = ("[]", "{", '{"title": 3}', '{"text": " "}', '{"conditions": {"c": []}}', '{"x": NaN}')
PAGES += ('{"conditions": {"c": {"label": 3}}}', '{"conditions": {"c": {"paper": Infinity}}}')
PAGES += ('{"conditions": {"c": {"look": ["C0"]}}}', '{"conditions": {"c": {"estimate": [1]}}}')
PAGES += ('{"conditions": {"c": {"paper": 1e999}}}', "[" * 10**5)


@pytest.mark.parametrize("text", PAGES, ids=range(len(PAGES)))
def test_damaged_pages_of_results_are_refused(text, results, said):
    (results.path / "page.json").write_text(text)
    with pytest.raises(RunError, match="page.json is damaged"):
        results.page()
    (results.path / "curves.csv").write_text("epoch\n1\n")
    status, words = said(door.main, "--results", results.root)
    assert status == 2 and "page.json is damaged" in words


@pytest.mark.parametrize("text", ["[]", "{", '{"c": 3}', '{"c": {"seed": NaN}}'])
def test_damaged_configurations_of_results_are_refused(text, results):
    (results.path / "config.json").write_text(text)
    with pytest.raises(RunError, match="config.json is damaged"):
        results.configure("d", {})
    assert (results.path / "config.json").read_text() == text


def test_no_number_that_is_none_is_written(results):
    for write in (results.describe, lambda values: results.configure("c", values)):
        with pytest.raises(ValueError):
            write({"paper": float("nan")})
    with pytest.raises(ValueError):
        named.dumps({"x": float("inf")})


@pytest.mark.parametrize(
    "change", [{"value": "x"}, {"value": "nan"}, {"value": ""}, {"epochs": "2.5"}, {"n": "many"}]
)
def test_a_damaged_summary_is_refused(change, results, said):
    with (results.root / "summary.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(ROW | change)
    readme = results.root / "page.md"
    readme.write_text("".join(summary.MARKS))
    status, words = said(summary.main, "--results", results.root, "--readme", readme)
    assert status == 2 and "summary.csv is damaged" in words


def test_results_do_not_lead_out_of_their_folder(results, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "headline.csv").write_text("x\n1\n")
    (results.root / "a" / "away").symlink_to(tmp_path / "outside")
    away = Results("a", "away", results.root)
    for use in (
        lambda: away.table("headline"),
        lambda: away.write("table", [{"x": 1}]),
        lambda: away.describe({}),
        lambda: away.configure("c", {}),
        lambda: away.update("headline", [{"x": 1}], ("x",)),
    ):
        with pytest.raises(RunError, match="leads out of"):
            use()
    assert len(list((tmp_path / "outside").iterdir())) == 1


# --- shapes ---------------------------------------------------------------------------------------


def test_a_shape_is_had_or_not():
    fits = named.fits
    assert fits(1, float) and fits(1, int) and not fits(True, int) and not fits(1.0, int)
    assert fits([1, 2], [int]) and not fits([1, "2"], [int]) and not fits("12", [int])
    assert fits({"a": 1}, {"a": int, "b?": str}) and not fits({"b": "x"}, {"a": int, "b?": str})
    assert not fits({"a": 1, "b": 2}, {"a": int, "b?": str})
    assert fits({"x": "1"}, {...: str}) and not fits({"x": 1}, {...: str})
    assert fits(None, (None, str)) and fits("x", (None, str)) and not fits(3, (None, str))


def test_a_line_is_one_line():
    assert reading.line("a\nb\x1b[2J\ud800") == "a?b?[2J?" and len(reading.line("x" * 10**6)) == 100
