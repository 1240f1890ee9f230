"""Records as one file of Neurodata Without Borders (NWB 2), written with PyNWB."""

import re

import numpy as np

from analysis.exporting.recorded import PLATEAUS, split, step
from analysis.exporting.tables import VARIABLES
from analysis.reading import line
from experiments.run import named
from experiments.run.records import SPIKES, single

SI = {"mV": ("V", 1e3), "ms": ("s", 1e3)}  # unit -> that of SI, and how many of it make one
# A file without a subject counts as broken, so this one says that there is none.
NOBODY = {
    "subject_id": "simulated-network",
    "description": "A simulated network: no animal. Species, sex and age stand for unknown.",
    "species": "http://purl.obolibrary.org/obo/NCBITaxon_32644",  # "unidentified"
    "sex": "U",
    "age": "P0D/",
}
POPULATION = "population, from the input to the output"
CELL = "cell of the population, counted from 0"


def write(recorded, path):
    """Write an NWB file.

    Times are in seconds since the first image's onset, series in their unit with its conversion to
    SI, tables in SI. There are:

    - ``units``: a row for each cell, silent ones too: ``population``, ``cell``, ``spike_times``.
      Of other events, such as ``doublets``: ``doublet_times``, and, for each spike,
      ``spike_is_doublet``.
    - ``acquisition``: a series for each population and variable recorded in each step, such as
      ``hidden_0_apical_V_a``, ``hidden_0_variable_m_Ca``; shape (steps, cells).
      ``processing/misc/recorded_cells`` tells which cells they are.
    - ``processing/misc``: tables, such as ``hidden_0_plateaus``: a row for each image, columns of
      shape (images, cells).
    - ``trials``: a row for each image; ``intervals/phases``: a row for each phase;
      ``intervals/plateaus``, or what else has ends: a row each, with ``population`` and ``cell``.
    - ``notes``: configuration, provenance and equations, as JSON.
    """
    from pynwb import NWBHDF5IO

    file = _file(recorded)
    _add_images(file, recorded)
    if recorded.spikes or recorded.events:
        _add_units(file, recorded)
    if recorded.traces:
        _add_traces(file, recorded)
    for kind, populations in recorded.intervals().items():
        _add_intervals(file, recorded, kind, populations)
    for kind, populations in recorded.values.items():
        for population, values in populations.items():
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
    papers = [f"doi:{found}" for found in re.findall(r"\b10\.\d{4,}/[\w./-]*\w", about.theory)]
    return NWBFile(
        session_description=(
            f"A simulated network ({about.title}); phases: {', '.join(recorded.phases.names)}."
            if "page" in about.config
            else f"A simulated network ({about.title}) that is shown {len(starts)} images, each "
            f"with the phases {' and '.join(recorded.phases.names)}, its weights held still."
        ),
        identifier=about.identifier,
        session_start_time=about.start,
        session_id=about.name,
        experiment_description=about.theory or "What a network of model cells does after learning.",
        keywords=["simulation", "learning", "credit assignment"],
        related_publications=papers or None,
        stimulus_notes=recorded.left_out(),
        data_collection="Simulated with Brian2; the session starts when the records were written.",
        was_generated_by=[[line(name), line(which)] for name, which in packages.items()] or None,
        notes=named.dumps(text),
        subject=Subject(**NOBODY),
    )


def _add_images(file, recorded):
    from pynwb.epoch import TimeIntervals

    starts, ends = recorded.span()
    said = {
        "label": "class of the image",
        "place": recorded.places(),
    }
    for name in recorded.images:
        file.add_trial_column(name=name, description=said[name])
    for k, (start, end) in enumerate(zip(starts / 1e3, ends / 1e3, strict=True)):
        more = {name: int(values[k]) for name, values in recorded.images.items()}
        file.add_trial(start_time=start, stop_time=end, **more)
    phases = TimeIntervals(name="phases", description="the phases of each image")
    phases.add_column(name="phase", description=" or ".join(recorded.phases.names))
    phases.add_column(name="image", description="image, counted from 0: the row of trials")
    phases.add_column(name="label", description=said["label"])
    for start, end, name, k, label in zip(*recorded.phases, strict=True):
        row = {"phase": str(name), "image": int(k), "label": int(label)}
        phases.add_row(start_time=start / 1e3, stop_time=end / 1e3, **row)
    file.add_time_intervals(phases)


def _add_intervals(file, recorded, kind, populations):
    from pynwb.epoch import TimeIntervals

    text = f"{kind} of cells; stop_time: the last step that one lasts, in its own image"
    found = TimeIntervals(name=kind, description=text)
    found.add_column(name="population", description=POPULATION)
    found.add_column(name="cell", description=CELL)
    for population, own in populations.items():
        for cell, start, stop in zip(*(values.tolist() for values in own), strict=True):
            row = {"population": population, "cell": cell}
            found.add_row(start_time=start / 1e3, stop_time=stop / 1e3, **row)
    if len(found):  # a table without rows is one that no reader can type
        file.add_time_intervals(found)


def _add_units(file, recorded):
    from pynwb.misc import Units

    kinds = {SPIKES: recorded.spikes} if recorded.spikes else {}
    kinds |= recorded.events
    times = np.unique(np.concatenate([t for own in kinds.values() for _, t, _ in own.values()]))
    apart = np.diff(times)
    least = float(round(apart.min() / 1e3, 9)) if len(apart) else None
    file.units = Units(name="units", description="all cells of the network", resolution=least)
    file.units.add_column(name="population", description=POPULATION)
    file.units.add_column(name="cell", description=CELL)
    watched = [[0.0, recorded.phases.end[-1] / 1e3]]
    ragged = _ragged(recorded, kinds)
    for name, (text, _) in ragged.items():
        if name != "spike_times":  # which each table of units may have
            file.units.add_column(name=name, description=text, index=True)
    for population, size in recorded.sizes().items():
        for cell in range(size):
            own = {name: found[population][cell] for name, (_, found) in ragged.items()}
            file.add_unit(population=population, cell=cell, obs_intervals=watched, **own)


def _ragged(recorded, kinds):
    """Column of units -> what it is, and population -> the values of each cell."""
    found = {}
    for kind, populations in kinds.items():
        own = {}
        for population, size in recorded.sizes().items():
            i, t, _ = populations.get(population, (np.zeros(0, int), np.zeros(0), size))
            own[population] = split(i, t / 1e3, size)
        if kind != SPIKES and not any(len(t) for cells in own.values() for t in cells):
            continue  # a column without a number has no type
        found[f"{single(kind)}_times"] = f"{recorded.told(kind)}; unit: s", own
    for mark in recorded.named_marks():
        own = {}
        for population, size in recorded.sizes().items():
            i, t, _ = recorded.spikes.get(population, (np.zeros(0, int), np.zeros(0), size))
            values = recorded.marks.get(population, {}).get(mark, np.zeros(len(i), bool))
            own[population] = split(i, t, size, values)
        found[f"{single(SPIKES)}_is_{mark}"] = recorded.told(SPIKES, mark), own
    return found


def _add_traces(file, recorded):
    from pynwb.core import DynamicTable

    text = "the cells whose potentials and variables are in acquisition"
    cells = DynamicTable(name="recorded_cells", description=text)
    cells.add_column(name="population", description=POPULATION)
    cells.add_column(name="cell", description=CELL)
    cells.add_column(name="column", description="its column in the series of its population")
    chosen = {}
    for kind, populations in recorded.traces.items():
        for population, (t, numbers, found) in populations.items():
            chosen[population] = numbers
            for name, values in found.items():
                quantity = recorded.quantities[kind, population, name]
                part = "variable" if kind == VARIABLES else quantity.part
                text = f"{quantity.text}, {name}, of cells of {population}"
                if quantity.rest is not None:
                    text += f"; rest is {quantity.rest:g} {quantity.unit}"
                series = f"{population}_{part}_{name}"
                _add_series(file, series, text, values, quantity.unit, t, numbers)
    for population, numbers in chosen.items():
        for column, cell in enumerate(numbers):
            cells.add_row(population=population, cell=int(cell), column=column)
    _misc(file).add(cells)


def _add_series(file, name, text, values, unit, t, cells):
    from pynwb import TimeSeries

    unit, parts = SI.get(unit, (unit, 1.0))
    series = TimeSeries(
        name=name,
        description=text,
        comments="cells: " + " ".join(map(str, cells)),
        data=values,
        unit=unit,
        conversion=1 / parts,
        starting_time=t[0] / 1e3,
        rate=1e3 / step(t),
    )
    file.add_acquisition(series)


def _add_table(file, recorded, kind, population, values):
    from pynwb.core import DynamicTable, VectorData

    columns = []
    for name, array in values.items():
        unit, said, _ = recorded.quantities[kind, population, name]
        unit, parts = SI.get(unit, (unit, 1.0))
        text = f"{said}, {name}; unit: {unit}"
        columns.append(VectorData(name=name, description=text, data=array / parts))
        if kind == "plateaus" and name in PLATEAUS:
            text = f"when each cell had {name}; unit: s"
            moments = recorded.moments(kind, population, name) / 1e3
            columns.append(VectorData(name=f"{name}_time", description=text, data=moments))
    text = f"{kind} of {population}: a row for each image, with a value for each cell"
    _misc(file).add(DynamicTable(name=f"{population}_{kind}", description=text, columns=columns))


def _misc(file):
    if "misc" not in file.processing:
        text = "what cells held when an image ended, and which cells were recorded in each step"
        file.create_processing_module(name="misc", description=text)
    return file.processing["misc"]
