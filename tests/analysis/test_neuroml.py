"""Cells as LEMS: simulated by its own tool, they do what Brian2 makes of the same equations."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from brian2 import NeuronGroup, StateMonitor, defaultclock, ms, mV, run, start_scope
from brian2 import second as seconds

from analysis import export
from analysis.exporting import neuroml
from experiments.run.config import Config
from experiments.run.folder import RunFolder
from experiments.run.provenance import described
from models.segregated.variants.paper import HIDDEN

BEGIN = {"V_0": 3e-3, "psp_b_0": 1e-3, "x_b_0": 1e-5, "x_a_0": 2e-5, "b": 2e-3, "c": -1e-3}
LENGTH, STEP = 40, 0.02  # ms
TOLERANCE = 5e-3  # of the largest value: LEMS is stepped by Euler's rule
STATES, DERIVED = ("V", "s", "psp_b", "x_a"), ("V_a", "V_b", "I_a", "phi")
SIMULATION = """<Lems>
<Include file="cells.xml"/>
<ComponentType name="Simulation">
  <Parameter name="length" dimension="dim_t1"/><Parameter name="step" dimension="dim_t1"/>
  <ComponentReference name="target" type="Component"/><Children name="shown" type="Shown"/>
  <Dynamics><StateVariable name="t" dimension="dim_t1"/></Dynamics>
  <Simulation><Run component="target" variable="t" increment="step" total="length"/></Simulation>
</ComponentType>
<ComponentType name="Shown">
  <Path name="quantity"/><Text name="color"/><Parameter name="scale" dimension="none"/>
  <Simulation><Record quantity="quantity" scale="scale" color="color"/></Simulation>
</ComponentType>
<Component id="sim" type="Simulation" length="{length} SI_dim_t1" step="{step} SI_dim_t1"
  target="hidden_0">{shown}</Component>
<Target component="sim"/>
</Lems>"""


@pytest.fixture
def made(tmp_path):
    """A run folder: ``made(theory, **options)``."""

    def make(**options):
        config = Config.of(layers=(6, 10), **options)
        folder = RunFolder(tmp_path / "run")
        folder.write_json("config.json", config.flat())
        folder.write_json("model.json", described(config, config.network(9, 10)))
        return folder

    return make


def exported(folder):
    assert export.main([str(folder.path), "--to", "neuroml"]) == 0
    return folder.path / "export" / "cells.xml"


def by_lems(path):
    """Traces of the hidden cell, name -> ndarray, as PyLEMS simulates it."""
    lems = pytest.importorskip("lems.model.model")
    from lems.sim.build import SimulationBuilder

    tree = ElementTree.parse(path)
    cell = tree.find("Component[@id='hidden_0']")
    for name, value in BEGIN.items():
        cell.set(name, f"{value!r} {cell.get(name).split()[1]}")
    tree.write(path)
    shown = "".join(f'<Shown id="{n}" quantity="{n}" scale="1"/>' for n in (*STATES, *DERIVED))
    text = SIMULATION.format(length=LENGTH / 1e3, step=STEP / 1e3, shown=shown)
    (path.parent / "simulation.xml").write_text(text)
    model = lems.Model()
    model.import_from_file(str(path.parent / "simulation.xml"))
    simulation = SimulationBuilder(model.resolve()).build()
    simulation.run()
    told = [one for part in simulation.runnables.values() for one in part.recorded_variables]
    return {one.variable: np.array(one.values)[:, 1] for one in told}


def by_brian(g_a):
    """The same of the cell's own strings, in Brian2.

    As in PyLEMS, states are those at the end of a step, and what derives of them of its beginning.
    """
    start_scope()
    defaultclock.dt = STEP * ms
    parts = [HIDDEN.parts[name] for name in ("soma", "coupling", "basal", "apical", "train")]
    constants = HIDDEN.params._replace(g_a=g_a / ms)._asdict()
    cell = NeuronGroup(1, "\n".join(parts), method="rk4", namespace=constants | {"mV": mV})
    for name, value in BEGIN.items():
        unit = seconds if name.startswith("x") else 1
        setattr(cell, name.removesuffix("_0"), value * 1e3 * mV * unit)
    after = StateMonitor(cell, STATES, record=True, when="end")
    before = StateMonitor(cell, DERIVED, record=True, when="start")
    run(LENGTH * ms, namespace={})
    found = {name: getattr(after, name) for name in STATES}
    found |= {name: getattr(before, name) for name in DERIVED}
    return {name: np.array(values)[0] for name, values in found.items()}


def test_a_cell_does_in_lems_what_it_does_in_brian2(made):
    found, expected = by_lems(exported(made(g_a=0.05))), by_brian(0.05)
    assert set(found) == set(expected) == {*STATES, *DERIVED}
    for name, values in expected.items():
        scale = np.abs(values).max()
        np.testing.assert_allclose(
            found[name][: len(values)], values, atol=TOLERANCE * scale, err_msg=name
        )
    assert np.ptp(expected["V"]) > 1e-3 and np.ptp(expected["I_a"]) > 0


def test_each_pathway_is_a_port_and_each_constant_has_its_value(made):
    root = ElementTree.parse(exported(made())).getroot()
    kind = root.find("ComponentType[@name='hidden_0_cell']")
    assert {port.get("name") for port in kind.iter("EventPort")} == {"W_0", "Y_0"}
    events = {event.get("port"): event[0].attrib for event in kind.iter("OnEvent")}
    assert events["Y_0"] == {"variable": "x_a", "value": "x_a + w_Y_0"}
    cell = root.find("Component[@id='hidden_0']")
    assert cell.get("tau_s") == "0.003 SI_dim_t1" and cell.get("g_b") == "600.0 SI_dim_t_1"
    assert {one.get("id") for one in root.iter("Component")} == {"input", "hidden_0", "output"}
    derived = [one.get("name") for one in kind.iter("DerivedVariable")]
    assert derived.index("V_a") < derived.index("I_a"), "jLEMS wants what is needed first"
    assert "alpha_f" not in derived and "phi" in derived


def test_a_cell_whose_synapses_have_an_unusual_unit_is_exported(made):
    root = ElementTree.parse(exported(made(variant="nmda_spike"))).getroot()  # q_N: 1/(mV ms^2)
    assert root.find("Component[@id='hidden_0']").get("E_N").startswith("0.04 ")
    factor, powers = neuroml._unit("1/(mV ms^2)")
    assert factor == pytest.approx(1e9, rel=1e-12) and powers == (-1, -2, 1, 1, 0)
    assert neuroml._unit("mS/cm^2") == (pytest.approx(10), (-1, -4, 3, 2, 0))


def test_cells_without_differential_equations_are_refused(made, capsys):
    folder = made(theory="backprop")
    assert export.main([str(folder.path), "--to", "neuroml"]) == 2
    assert "no cell" in capsys.readouterr().err


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("g_a*(V_a - V)", "g_a*int(V_a > V)", "'int'"),
        ("g_a*(V_a - V)", "g_a*(V_a @ V)", "no words in LEMS"),
        ("g_a*(V_a - V)", "g_a*(V_a - ", "no formula"),
        ("g_a*(V_a - V)", "(" * 5000 + "1" + ")" * 5000, "no formula"),
        ("g_a*(V_a - V)", "g_a*(V_a - phantom)", "'phantom' is no unit"),
        ("g_a*(V_a - V)", "I_a", "needs itself"),
        (": volt/second", ": furlong", "'furlong' is no unit"),
        (": volt/second", ": volt**0.5", "no unit"),
        (": volt/second", ": volt**10**10**10", "no unit"),
        ("I_a =", "I_a; =", "no equation"),
        ('"value": "0.6"', '"value": "much"', "g_b is no number"),
        ('"unit": "1/ms"', '"unit": "W"', "'W', of g_l in hidden_0, is no unit"),
    ],
)
def test_what_lems_has_no_words_for_is_refused_in_one(old, new, said, made, capsys):
    folder = made()
    model = (folder.path / "model.json").read_text()
    assert json.loads(model) and old in model
    (folder.path / "model.json").write_text(model.replace(old, new))
    assert export.main([str(folder.path), "--to", "neuroml"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
