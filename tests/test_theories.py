"""The contract: what holds of every theory that is found in ``models/``, whoever wrote it."""

import ast
import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest

from experiments.run import config as run_config
from experiments.run import loop, records, score
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.run.record import recording
from models import describe, theory
from models.engine import printing
from models.theory import NEEDS, Inputs

MODELS = Path(theory.__file__).parent
IMAGES, TESTS = 400, 200
OWN_FILE = os.environ.get("THEORY")  # a file.py of one's own, in place of all that are found
NAMES = [OWN_FILE] if OWN_FILE else theory.names()


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def found(name):
    return theory.find(name)


@pytest.fixture(scope="module")
def config(name, found):
    """The theory's own settings for the digits, on a part of them."""
    values = {**found.presets["digits"], "theory": name, "seed": 3, "epochs": 4, "record": ()}
    few = {"train_examples": IMAGES, "test_examples": TESTS, "chunk": 200, "quick_examples": 0}
    return Config.of(values | few)


@pytest.fixture(scope="module")
def trained(config, tmp_path_factory):
    """A run that was never stopped, with its compiled networks."""
    folder = RunFolder(tmp_path_factory.mktemp("theory") / "run")
    run = loop.Run(config, folder)
    run.train(*run.start())
    return run


@pytest.fixture(scope="module")
def network(trained):
    return trained.network


def same(one, other):
    """Two states, to the bit."""
    assert one.keys() == other.keys()
    for key in one:
        assert one[key].tobytes() == other[key].tobytes(), key


# --- what it says of itself -----------------------------------------------------------------------


def test_it_says_whose_it_is_and_what_it_asks_of_a_cell(found):
    first, *more = found.about.strip().splitlines()
    assert 10 < len(first) < 100 and more, "a line, then its source and what to expect"
    assert set(found.needs) <= set(NEEDS)
    assert all(len(how) > 10 for how in dict(found.needs).values())


def test_its_options_are_frozen_explained_and_none_is_the_runs(found):
    fields = dataclasses.fields(found.options)
    assert found.options.__dataclass_params__.frozen
    assert all(len(field.metadata["help"]) > 3 for field in fields)
    assert not {field.name for field in fields} & {f.name for f in run_config.fields()}


def test_its_presets_are_configurations_and_digits_is_one_of_them(name, found):
    assert "digits" in found.presets
    for preset in found.presets.values():
        given = Config.of({**preset, "theory": name})
        assert Config.of(json.loads(json.dumps(given.flat()))) == given


def test_an_unknown_option_is_one_sentence(name):
    with pytest.raises(ValueError) as caught:
        Config.of(theory=name, nobody_has_this=1)
    assert "nobody_has_this" in str(caught.value) and "\n" not in str(caught.value)


def test_every_state_record_and_measure_has_a_unit_and_a_meaning(network, trained):
    known, state = network.variables, network.start(1)
    assert set(state) == {name for name, about in known.items() if about.when == "state"}
    out = trained.learner.run(trained.inputs(state, 0, 0))
    recorded = {n for names in network.records.values() for n in names if n in known}
    assert "loss" in out.measures and recorded
    for name in {*state, *out.measures, *recorded}:
        unit, factor, meaning, when = known[name]
        assert records.is_unit(unit) and factor > 0 and meaning
        assert when in ("step", "image", "spike", "state")


def test_describe_names_every_option_and_every_state(name, found, network, capsys):
    assert describe.main(["--theory", name]) == 0
    said = capsys.readouterr().out
    for field in dataclasses.fields(found.options):
        assert theory.flag(field.name) in said
    for state in network.start(1):
        assert state in said
    for style in ("latex", "markdown"):
        assert describe.main(["--theory", name, "--format", style]) == 0
    assert found.about.strip().splitlines()[0] in said or name in said or "variant" in said


def test_its_model_is_data_that_a_file_gives_back(network):
    model = network.model()
    assert printing.same(json.loads(json.dumps(model)), model)
    assert network.text().count("\n") > 10


def test_it_imports_no_theory_but_one_that_it_says_it_varies(name, found):
    folder = MODELS / name if (MODELS / name).is_dir() else None
    for path in folder.rglob("*.py") if folder else [Path(name)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            others = set(theory.names()) - {name, found.varies}
            assert not {m.split(".")[1] for m in modules if m.startswith("models.")} & others


# --- what it does ---------------------------------------------------------------------------------


def test_answers_have_a_column_for_each_class_and_a_row_for_each_image(trained, network):
    inputs = trained.inputs(network.start(1), 0, 0, size=7)
    out = trained.learner.run(inputs)
    assert out.answers.shape == (7, trained.data.classes)
    assert all(values.shape == (7,) for values in out.measures.values())
    assert out.seconds.cpu > 0 and out.state.keys() == inputs.state.keys()


def test_a_chunk_from_a_checkpoint_is_the_same_to_the_bit(trained):
    seen, state = trained.folder.state("epoch_001.npz")
    one, _, other = (trained.learner.run(trained.inputs(state, 1, chunk)) for chunk in (0, 1, 0))
    same(one.state, other.state)
    assert one.answers.tobytes() == other.answers.tobytes()
    assert any(np.any(one.state[key] != state[key]) for key in state), "nothing was learned"


def test_killed_and_resumed_is_the_same_to_the_bit_as_never_stopped(trained, config, tmp_path):
    class Killed(Exception):
        pass

    run, left = loop.Run(config, RunFolder(tmp_path / "run")), [3]
    learn = trained.learner.run

    class Mortal:
        images, schedule = trained.learner.images, trained.learner.schedule

        def run(self, inputs):
            left[0] -= 1
            if not left[0]:
                raise Killed
            return learn(inputs)

    run.learner, run.tester = Mortal(), trained.tester
    with pytest.raises(Killed):
        run.train(*run.start())
    run.train(*run.start())
    for file in ("checkpoint.npz", "epoch_001.npz", "epoch_002.npz"):
        same(run.folder.state(file).state, trained.folder.state(file).state)
    assert run.folder.result()["test_error"] == trained.folder.result()["test_error"]


def test_nothing_is_learned_where_it_is_not_asked_to(trained, network):
    state = network.start(1)
    before = {key: value.copy() for key, value in state.items()}
    inputs = trained.inputs(state, 0, 0, size=20)
    same(trained.learner.run(inputs._replace(learns=False)).state, before)
    same(trained.tester.run(inputs._replace(learns=False)).state, before)


def test_it_learns_the_digits_better_than_its_frozen_self(trained, network):
    frozen, _ = trained.test(network.start(3), TESTS, 1)
    learned, _ = trained.test(trained.folder.state().state, TESTS, 1)
    assert learned < 0.75 * frozen, f"{learned} % of errors, {frozen} % before learning"


def test_answers_do_not_depend_on_the_number_of_cores(trained):
    state, data = trained.folder.state().state, trained.data
    shown = data.test_images, data.test_labels, 5
    one, other = (score.test(trained.tester, state, *shown, cores)[0] for cores in (1, 2))
    assert one.tobytes() == other.tobytes()


def test_its_records_are_rows_of_cells(trained, network, config):
    kinds = tuple(network.records)
    asked = recording(network, kinds, cells=(0, 1))
    program = network.program(2, record=asked, device=config.device)
    images, labels = trained.data.test_images[:2], trained.data.test_labels[:2]
    state = trained.folder.state().state
    out = program.run(Inputs(images, labels, state, 1, learns=False))
    assert {kind for kind, _, _ in out.records} <= set(kinds) and out.records
    for (kind, population, variable), values in out.records.items():
        if kind == "spikes" or variable == "t" or values.ndim == 1:
            continue
        size = network.sizes[population]
        assert values.shape[1] == (size if kind in asked.per_image else min(2, size))
        assert len(values) == (2 if kind in asked.per_image else program.schedule.steps_in_all)
        assert np.isfinite(values).all()


def test_light_is_refused_where_there_are_no_hidden_cells(name, found):
    lights = {when: lit for when, lit in found.lights.items() if lit and when != "dark"}
    about = {"theory": name, "dataset": "digits", "layers": (10,)}
    for options in lights.values() if _goes(about) else ():
        with pytest.raises(ValueError, match="--light"):
            Config.of(about | options).network(64, 10)


def _goes(about):
    """Whether there is such a network without light: some theories ask for a hidden layer."""
    try:
        Config.of(about).network(64, 10)
    except ValueError:
        return False
    return True
