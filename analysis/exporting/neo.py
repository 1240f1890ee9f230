"""Records as a Neo Block, in the MATLAB format that Neo reads and writes by itself.

Neo's other format of its own, NIX, takes 20 kB for each cell and image, and twenty times as long.
"""

import numpy as np

from analysis.exporting.recorded import split, step
from analysis.exporting.tables import VARIABLES, heading
from analysis.reading import SAME
from experiments.run import named
from experiments.run.folder import RunError
from experiments.run.records import SPIKES


def write(recorded, path):
    """Write a Block; read it with ``neo.io.NeoMatlabIO(path).read_block()``."""
    from neo.io import NeoMatlabIO

    # a name in MATLAB has 31 letters, if nobody asks for the 63 that it has had since 2004
    NeoMatlabIO(str(path)).write_block(block(recorded), long_field_names=True)


def block(recorded):
    """The records as a Neo Block, a segment for each image; times in ms from the first onset.

    A segment is annotated with the ``label`` of its image, and holds

    - a SpikeTrain for each cell, silent ones too; annotations ``population``, ``cell``, and
      ``kind``, "spikes"; after them the same of each kind of other events, of whose name is the
      ``kind``;
    - an AnalogSignal for each population and variable recorded in each step, in its unit;
      annotations ``kind`` (of record), ``population``, and ``cells``, the cell of each column:
      "0 1 2"; of potentials also ``compartment``;
    - an Epoch "phases", labelled with their names;
    - an Epoch of each kind of events whose ends were recorded, too, such as "plateaus", for each
      population; labelled with their cells: ``epoch.labels.astype(int)``;
    - an Event "image onset", labelled with the class;
    - Events "alpha_f" and "alpha_t" of each hidden population: when each cell, in order, had its
      plateau; the labels are the values, ``event.labels.astype(float)``;
    - Events for what else each cell, or the layer, held at the image's end, as "V_bar_mV" and
      "L_kHz2"; labels are the values. Annotations ``kind`` (of record) and ``population``.

    Annotations are numbers and strings only: older Neo cannot read arrays there.
    """
    import neo

    about = recorded.about
    made = neo.Block(
        name=about.title,
        description=f"A simulated network. {recorded.left_out()}",
        rec_datetime=about.start,
        identifier=about.identifier,
        run=about.name,
        config=named.dumps(about.config),
        provenance=named.dumps(about.provenance),
        equations=about.equations,
    )
    kinds = {SPIKES: recorded.spikes} | recorded.events
    trains = {
        (kind, name): split(*found) for kind, own in kinds.items() for name, found in own.items()
    }
    lasting = recorded.intervals()
    for image, span in enumerate(zip(*recorded.span(), strict=True)):
        more = {name: int(values[image]) for name, values in recorded.images.items()}
        segment = neo.Segment(name=f"image {image}", index=image, **more)
        made.segments.append(segment)
        segment.epochs.append(_phases(recorded, image))
        segment.epochs.extend(list(_lasting(lasting, span)))
        onset = np.array(span[:1]), [str(more["label"])]
        segment.events.append(_event("image onset", *onset, "stimulus"))
        # lists, because extend() goes through what it is given more than once
        segment.events.extend(list(_values(recorded, image, span)))
        segment.spiketrains.extend(list(_trains(trains, span)))
        segment.analogsignals.extend(list(_signals(recorded, span)))
    made.check_relationships()
    return made


def _phases(recorded, image):
    import neo
    import quantities as pq

    phases = recorded.phases
    own = phases.image == image
    start, end = phases.start[own], phases.end[own]
    labels = phases.name[own].astype(object)  # as in _event
    return neo.Epoch(
        times=start * pq.ms, durations=(end - start) * pq.ms, labels=labels, name="phases"
    )


def _lasting(lasting, span):
    """Plateaus, and whatever else has ends, of an image, as Epochs."""
    import neo
    import quantities as pq

    for kind, populations in lasting.items():
        for population, (cell, start, stop) in populations.items():
            own = (start > span[0] - SAME) & (start < span[1] - SAME)
            yield neo.Epoch(
                times=start[own] * pq.ms,
                durations=(stop - start)[own] * pq.ms,
                labels=cell[own].astype(str).astype(object),  # as in _event
                name=kind,
                kind=kind,
                population=population,
            )


def _values(recorded, image, span):
    """What each cell held, as Events. The values are labels: of arrays, a file keeps no others."""
    for kind, populations in recorded.values.items():
        for population, values in populations.items():
            for name, array in values.items():
                found = np.atleast_1d(array[image])
                times = np.full(len(found), span[1])
                if array.ndim == 2:
                    times = recorded.moments(kind, population, name)[image]
                labels = [repr(value) for value in found.tolist()]
                unit, text, _ = recorded.quantities[kind, population, name]
                yield _event(heading(name, unit), times, labels, kind, population, text)


def _event(name, times, labels, kind, population=None, text=None):
    import neo
    import quantities as pq

    labels = np.array(labels, dtype=object)  # of type str, MATLAB pads them to one length
    more = {"kind": kind} | ({"population": population} if population else {})
    return neo.Event(times=times * pq.ms, labels=labels, name=name, description=text, **more)


def _trains(trains, span):
    import neo
    import quantities as pq

    start, end = span
    for (kind, population), times in trains.items():
        for cell, all_times in enumerate(times):
            own = all_times[(all_times > start - SAME) & (all_times < end - SAME)]
            # a time that rounding put before the onset is the onset
            yield neo.SpikeTrain(
                np.maximum(own, start),
                units=pq.ms,
                t_start=start,
                t_stop=end,
                name=f"{population} {cell}" + (f" {kind}" if kind != SPIKES else ""),
                population=population,
                cell=cell,
                kind=kind,
            )


def _signals(recorded, span):
    for kind, populations in recorded.traces.items():
        for population, (t, cells, found) in populations.items():
            for name, values in found.items():
                unit, text, _ = recorded.quantities[kind, population, name]
                more = {"kind": kind, "population": population}
                if kind != VARIABLES:
                    more["compartment"] = recorded.quantities[kind, population, name].part
                if ((t > span[0] - SAME) & (t < span[1] - SAME)).any():
                    yield _signal(name, text, unit, values, t, cells, span, more)


def _unit(text):
    """A unit as Neo has it. It was checked when it was read: Neo evaluates what it is given."""
    import quantities as pq

    shown = "dimensionless" if text == "1" else text.replace("^", "**").replace(" ", "*")
    try:
        return pq.Quantity(1.0, shown).units
    except (LookupError, ValueError, TypeError, SyntaxError) as error:
        raise RunError(f"--to neo: Neo has no unit {text}") from error


def _signal(name, text, unit, values, t, cells, span, more):
    import neo
    import quantities as pq

    start, end = span
    own = (t > start - SAME) & (t < end - SAME)
    return neo.AnalogSignal(
        values[own],
        units=_unit(unit),
        t_start=t[own][0] * pq.ms,
        sampling_period=step(t) * pq.ms,
        name=name,
        description=text,
        cells=" ".join(map(str, cells)),
        **more,
    )
