"""What a trained network does on a few images, for looking at: asked for by kind and by name."""

from experiments.run.seeds import Purpose
from models.engine.recording import VARIABLES, Recording
from models.theory import Inputs


def recording(network, kinds, cells=None, variables=()):
    """What an engine is to record.

    Parameters
    ----------
    network : object
        Of the contract.
    kinds : sequence of str
        Of ``network.records``.
    cells : tuple of int, optional
        Recorded in each step; None: all.
    variables : tuple of str
        Further variables, in each step.
    """
    known = network.variables
    asked = {kind: network.records[kind] for kind in kinds}
    per_image = tuple(
        kind
        for kind, names in asked.items()
        if names and all(known[name].when == "image" for name in names if name in known)
    )
    return Recording(asked | ({VARIABLES: variables} if variables else {}), per_image, cells)


def record(run, states):
    """Show the chosen images as in training, without learning, and write what cells did.

    Parameters
    ----------
    run : loop.Run
    states : dict
        Epoch (None: the end of the run) -> what is learned by then. Each is shown the same images,
        with the same seed.
    """
    config, network = run.config, run.network
    chosen = list(config.record_images)
    asked = recording(network, config.record, config.record_neurons, config.record_variables)
    program = network.program(len(chosen), record=asked, **config.how)
    images, labels = (values[chosen] for values in run.shown())
    for epoch, state in states.items():
        seed = run.seed(Purpose.RECORD)
        out = program.run(Inputs(images, labels, state, seed, learns=False))
        run.folder.write_records(
            out.records,
            epoch,
            sizes=network.sizes,
            variables=network.variables,
            labels=labels,
            classes=run.data.classes,
            phases=program.schedule.rows(),
            neurons=config.record_neurons,
            per_image=asked.per_image,
            rest=network.rest() if hasattr(network, "rest") else {},
            images=None if run.data.trains else images,
            channels=run.data.channels,
            answers=out.answers,
            events=getattr(network, "events", {}),
        )
