"""Records as one file of Neurodata Without Borders (NWB 2), written with PyNWB."""

import json

import numpy as np

from analysis.exporting.recorded import PLATEAUS, meaning, split, step
from experiments.run.folder import QUANTITIES

PAPER = "doi:10.7554/eLife.22901"
SI = {"mV": "V", "ms": "s", "Hz": "Hz", "1": "1"}  # tables have no unit of their own
FACTORS = {"mV": 1e-3, "ms": 1e-3}  # to SI
# A file without a subject counts as broken, so this one says that there is none.
NOBODY = {
    "subject_id": "simulated-network",
    "description": "A simulated network: no animal. Species, sex and age stand for unknown.",
    "species": "http://purl.obolibrary.org/obo/NCBITaxon_32644",  # "unidentified"
    "sex": "U",
    "age": "P0D/",
}
POPULATION = "input, hidden_0 ... (from the input upwards), output"
CELL = "cell of the population, counted from 0"


def write(recorded, path):
    """Write an NWB file.

    Times are in seconds since the first image's onset, potentials in volts (kept in mV, with their
    conversion), losses in kHz^2. There are:

    - ``units``: a row for each cell, silent ones too: ``population``, ``cell``, ``spike_times``.
    - ``acquisition``: a series for each population and compartment, ``hidden_0_apical_V_a`` ...;
      shape (steps, cells). ``processing/misc/recorded_cells`` tells which cells they are.
    - also in ``acquisition``: a series for each population and further variable,
      ``hidden_0_variable_m_Ca`` ..., in its unit.
    - ``processing/misc``: tables ``hidden_0_plateaus``, ``hidden_0_losses`` ...: a row for each
      image, columns of shape (images, cells).
    - ``trials``: a row for each image; ``intervals/phases``: a row for each phase.
    - ``notes``: configuration, provenance and equations, as JSON.

    Parameters
    ----------
    recorded : Recorded
    path : Path
    """
    from pynwb import NWBHDF5IO

    file = _file(recorded)
    _add_images(file, recorded)
    if recorded.spikes:
        _add_units(file, recorded)
    if recorded.voltages or recorded.variables:
        _add_traces(file, recorded)
    for kind in ("plateaus", "losses"):
        for population, values in getattr(recorded, kind).items():
            _add_table(file, recorded, kind, population, values)
    with NWBHDF5IO(str(path), "w") as io:
        io.write(file)


def _file(recorded):
    from pynwb import NWBFile
    from pynwb.file import Subject

    about, packages = recorded.about, {}
    if about.provenance:
        packages = about.provenance[-1].get("packages", {})
    text = {"config": about.config, "provenance": about.provenance, "equations": about.equations}
    starts, _ = recorded.span()
    return NWBFile(
        session_description=(
            f"A simulated network ({about.title}) that is shown {len(starts)} images, each with a "
            "forward and a target phase, its weights held still."
        ),
        identifier=about.identifier,
        session_start_time=about.start,
        session_id=about.name,
        experiment_description=(
            "Deep learning with segregated dendrites: pyramidal cells whose apical plateau "
            "potentials before and after a teaching signal tell their basal synapses how to learn."
        ),
        keywords=["simulation", "segregated dendrites", "plateau potential", "credit assignment"],
        related_publications=[PAPER],
        stimulus_notes=recorded.left_out(),
        data_collection="Simulated with Brian2; the session starts when the records were written.",
        was_generated_by=[[name, str(version)] for name, version in packages.items()] or None,
        notes=json.dumps(text),
        subject=Subject(**NOBODY),
    )


def _add_images(file, recorded):
    from pynwb.epoch import TimeIntervals

    starts, ends = recorded.span()
    said = {
        "label": "class of the image",
        "place": "place of the image among those that the run was tested on, from 0",
    }
    for name in recorded.images:
        file.add_trial_column(name=name, description=said[name])
    for k, (start, end) in enumerate(zip(starts / 1e3, ends / 1e3, strict=True)):
        more = {name: int(values[k]) for name, values in recorded.images.items()}
        file.add_trial(start_time=start, stop_time=end, **more)
    text = "the forward and the target phase of each image"
    phases = TimeIntervals(name="phases", description=text)
    phases.add_column(name="phase", description="forward, or target (with teaching current)")
    phases.add_column(name="image", description="image, counted from 0: the row of trials")
    phases.add_column(name="label", description=said["label"])
    for start, end, name, k, label in zip(*recorded.phases, strict=True):
        row = {"phase": str(name), "image": int(k), "label": int(label)}
        phases.add_row(start_time=start / 1e3, stop_time=end / 1e3, **row)
    file.add_time_intervals(phases)


def _add_units(file, recorded):
    from pynwb.misc import Units

    times = np.unique(np.concatenate([t for _, t, _ in recorded.spikes.values()]))
    apart = np.diff(times)
    least = float(round(apart.min() / 1e3, 9)) if len(apart) else None
    file.units = Units(name="units", description="all cells of the network", resolution=least)
    file.units.add_column(name="population", description=POPULATION)
    file.units.add_column(name="cell", description=CELL)
    watched = [[0.0, recorded.phases.end[-1] / 1e3]]
    for population, (i, t, size) in recorded.spikes.items():
        for cell, own in enumerate(split(i, t, size)):
            place = {"population": population, "cell": cell}
            file.add_unit(spike_times=own / 1e3, obs_intervals=watched, **place)


def _add_traces(file, recorded):
    from pynwb.core import DynamicTable

    text = "the cells whose potentials and variables are in acquisition"
    cells = DynamicTable(name="recorded_cells", description=text)
    cells.add_column(name="population", description=POPULATION)
    cells.add_column(name="cell", description=CELL)
    cells.add_column(name="column", description="its column in the series of its population")
    for population, (t, chosen, potentials) in recorded.voltages.items():
        for name, values in potentials.items():
            text = meaning(name, population)
            series = f"{population}_{text.split()[0]}_{name}"
            text += f", of cells of {population}"
            if (population, name) in recorded.rest:
                text += f"; rest is {recorded.rest[population, name]:g} mV"
            _add_series(file, series, text, values, ("volts", 1e-3), t, chosen)
    for population, (t, chosen, found) in recorded.variables.items():
        for name, (values, unit) in found.items():
            text = f"variable {name} of cells of {population}"
            unit = SI.get(unit, unit), FACTORS.get(unit, 1.0)
            _add_series(file, f"{population}_variable_{name}", text, values, unit, t, chosen)
    chosen = {k: v[1] for k, v in (recorded.variables | recorded.voltages).items()}
    for population, numbers in chosen.items():
        for column, cell in enumerate(numbers):
            cells.add_row(population=population, cell=int(cell), column=column)
    _misc(file).add(cells)


def _add_series(file, name, text, values, unit, t, cells):
    """A series of values whose unit is ``unit[0]`` once they are multiplied by ``unit[1]``."""
    from pynwb import TimeSeries

    series = TimeSeries(
        name=name,
        description=text,
        comments="cells: " + " ".join(map(str, cells)),
        data=values,
        unit=unit[0],
        conversion=unit[1],
        starting_time=t[0] / 1e3,
        rate=1e3 / step(t),
    )
    file.add_acquisition(series)


def _add_table(file, recorded, kind, population, values):
    from pynwb.core import DynamicTable, VectorData

    columns = []
    for name, array in values.items():
        unit, factor, _ = QUANTITIES.get(name, ("kHz^2", 1, ""))
        text = f"{meaning(name, population)}; unit: {SI.get(unit, unit)}"
        columns.append(VectorData(name=name, description=text, data=array / factor))
        if kind == "plateaus" and name in PLATEAUS:
            text = f"when each cell had {name}; unit: s"
            moments = recorded.moments(population, name) / 1e3
            columns.append(VectorData(name=f"{name}_time", description=text, data=moments))
    text = f"{kind} of {population}: a row for each image, with a value for each cell"
    _misc(file).add(DynamicTable(name=f"{population}_{kind}", description=text, columns=columns))


def _misc(file):
    if "misc" not in file.processing:
        text = "plateau potentials, losses, and which cells' potentials were recorded"
        file.create_processing_module(name="misc", description=text)
    return file.processing["misc"]
