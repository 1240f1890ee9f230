"""What is each class of interneurons for? Lesions before learning, and of what has learned.

    python -m experiments interneuron_digits [--only circuit ...]

Digits, 64-100-10, four times as many interneurons as the cortex has (13 SST cells, the true number,
are noisy), 20 epochs with falling rates, five networks each. Conditions are those of
`interneuron_mnist`; errors are also told as the mean of the last five epochs, as single tests jump.
Without SST cells nothing times plateaus: they come as soon as T_ref, 50 ms, is over, and what is
learned depends on how that rhythm falls on the images. ``no_sst_30`` to ``no_sst_70`` have another
T_ref, ``circuit_30`` and ``circuit_70`` are intact with the same.

"Trained": each circuit that has learned is tested, and shown 300 training images, without a class
of interneurons; then it goes on learning without it for two epochs, at the rates that it began
with.

Expected (mean of the last five epochs): 8.7 % with the circuit, 7.0 with imposed plateaus, 7.4
without PV cells. Without VIP cells hidden weights stay (36 %; chance, if the output is gated, too).
Without SST cells it is 10, 16, 35, 10 and 13 % with a T_ref of 30 to 70 ms, intact 7.8 to 8.7: the
rhythm of plateaus locks to the images, at 50 ms so that none ever teaches. What has learned answers
as before without SST and VIP cells and learns no more; without PV cells rates go up and 30 to 67 %
of the answers are wrong, until two more epochs have mended it. Half a minute of one core a network.
"""

from experiments.interneurons.interneuron_mnist import follow, late, small, without
from experiments.run import loop, score
from experiments.run.config import Config
from experiments.run.seeds import Purpose
from experiments.study import observe
from experiments.study.conditions import Condition
from experiments.study.replicates import replicate
from models.interneurons.options import PRESETS
from models.interneurons.parameters import SHARES

CIRCUIT = PRESETS["digits"] | {"dataset": "digits", "eta": (0.2, 0.1), "quick_examples": 0}
IMPOSED = CIRCUIT | {"plateaus": "imposed"}
EPOCHS, SEEDS, MORE = 20, (1, 2, 3, 4, 5), 2
CONDITIONS = {
    "circuit": Condition("circuit", CIRCUIT, EPOCHS),
    "imposed": Condition("imposed", without(IMPOSED, *SHARES), EPOCHS),
    "imposed_pv": Condition("imposed, with PV", without(IMPOSED, "SST", "VIP"), EPOCHS),
    "imposed_shunt": Condition("imposed, all classes", IMPOSED, EPOCHS),
    "no_pv": Condition("no PV", without(CIRCUIT, "PV"), EPOCHS),
    "no_sst": Condition("no SST", without(CIRCUIT, "SST"), EPOCHS),
    "no_vip": Condition("no VIP", without(CIRCUIT, "VIP"), EPOCHS),
    "no_vip_gated": Condition(
        "no VIP, output gated", without(CIRCUIT, "VIP") | {"gate_all": True}, EPOCHS
    ),
}
CONDITIONS |= {
    f"{name}_{T_ref}": Condition(
        f"{label}, $T_{{ref}}$ {T_ref} ms", options | {"T_ref": float(T_ref)}, EPOCHS
    )
    for name, label, options, several in (
        ("no_sst", "no SST", without(CIRCUIT, "SST"), (30, 40, 60, 70)),
        ("circuit", "circuit", CIRCUIT, (30, 70)),
    )
    for T_ref in several
}
PAIRS = tuple(("circuit", name) for name in CONDITIONS if name != "circuit")
IMAGES = 300  # that are looked at


def measure(setting, about, network):
    """What cells learn from, late errors, and lesions of a circuit that has learned."""
    first = about["seed"] == setting.seeds[0]
    if about["condition"] == "circuit" and setting.size(True, first):
        trained(setting, about, network)
    return follow(setting, about, network) | {"test_error_last_five": late(network)}


def trained(setting, about, network):
    """Rows of the table ``trained``: what a class is for once a network has learned."""
    rows, lesions = [], [(), *((name,) for name in SHARES)]
    for lesion in lesions[: setting.size(None, 2)]:
        config = Config.of(network.run.config.flat() | {"without": lesion})
        run = loop.Run(config, None)
        held = run.network.start(config.seed)
        state = {name: network.state[name] for name in held}
        row = {"seed": about["seed"], "without": "".join(lesion) or "none"}
        row |= {"test_error": tested(run, state)} | looked(setting, run, state)
        for epoch in range(setting.size(MORE, 1)):
            for k in range(run.chunks):
                state = run.learner.run(run.inputs(state, epoch, k)).state
        rows.append(row | {"test_error_later": tested(run, state)})
    setting.results.update("trained", rows, ("seed", "without"))


def tested(run, state):
    """Test error, per cent."""
    images, labels = run.data.test_images, run.data.test_labels
    answers, _ = score.test(run.tester, state, images, labels, run.seed(Purpose.LOOK))
    return score.error(answers, labels)


def looked(setting, run, state):
    """The share of cells that learn, and the mean rate of hidden cells."""
    images, labels = observe.some(run, setting.size(IMAGES, 4))
    seen = observe.answers(run, state, images, labels, ("averages", "alphas"))
    return {
        "cells_learning": (seen["hidden_0", "learned"] > 0).mean(),
        "rate_E": seen["hidden_0", "phi_bar"].mean(),
    }


page = replicate(
    __name__,
    __doc__,
    CONDITIONS,
    PAIRS,
    title="What each class of interneurons is for: digits, 64-100-10",
    measure=measure,
    seeds=SEEDS,
    smoke=small,
)
