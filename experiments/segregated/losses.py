"""Is the hidden loss low when the output loss is (P Fig 5B, C)?

    python -m experiments losses [--only one_hidden ...]

Each test image goes through both phases, with the weights held still as they were after each of
the first epochs. For every digit: Pearson's r between L^0 and L^1 of its images, and two controls
within the digit. ``r_pairing`` pairs losses of different images at random (the paper's caption).
Its source data shuffle "hidden layer activity vectors": plateaus and all, that is the same; forward
activity alone, it is ``r_activity``, where L^0 is the distance between an image's hidden target and
phi_max sigma(V_bar) of another image, which changes little where feedback is so strong that
alpha^t - alpha^f outweighs all differences of rates.

Expected: r of 0.61 for the digit 2 after one epoch (caption; the text says the second), 0.2 to 0.6
for most digits and epochs, less in the first epoch, and always more than for random pairs. One
network of each condition: ten epochs take ten minutes of one core to train, if it is not trained
yet, and one minute to look at.
"""

import numpy as np

from experiments.measures import correlation
from experiments.run.seeds import Purpose
from experiments.segregated.settings import BEST, EARLY, EARLY_ONE, PRINTED_ONE, small
from experiments.study import observe
from experiments.study.conditions import Condition
from experiments.study.page import Page
from experiments.study.statistics import summary
from models.segregated.losses import hidden_loss, output_loss

CONDITIONS = {
    "best_one_hidden": Condition("best settings", BEST, 10),
    "one_hidden": Condition(EARLY, EARLY_ONE, 10),
    "printed_one_hidden": Condition("as printed", PRINTED_ONE, 10),
}
DIGIT = 2  # whose images are shown one by one
SHOWN = (1, 2)  # after which epochs
HEADLINES = (0, 1, 2, 5, 10)
PAPER = 0.61  # r of the digit 2
COLUMNS = {  # of the table -> which hidden losses, name of their mean in the summary
    "r": ("hidden", "loss_correlation"),
    "r_pairing": ("pairing", "loss_correlation_shuffled"),
    "r_activity": ("activity", "loss_correlation_shuffled_activity"),
}


def image_losses(cells, labels, rng):
    """Losses of images, and the hidden losses that the controls pair with the output losses.

    ``cells`` as from ``observe.answers`` with the losses of one hidden layer. Returns ndarrays of
    shape (images,), kHz^2: ``hidden`` (L^0), ``output`` (L^1), ``pairing`` (L^0 of another image of
    the same digit) and ``activity`` (L^0 with the forward activity of another image of the same
    digit).
    """
    alpha_t, alpha_f, phi_bar, V_bar = (
        cells["hidden_0", name] for name in ("alpha_t", "alpha_f", "phi_bar", "V_bar")
    )
    hidden = hidden_loss(alpha_t, alpha_f, phi_bar, V_bar)
    other = np.arange(len(labels))
    for digit in np.unique(labels):
        other[labels == digit] = rng.permutation(other[labels == digit])
    return {
        "hidden": hidden,
        "output": output_loss(cells["output", "phi_star"], cells["output", "V_bar"]),
        "pairing": hidden[other],
        "activity": hidden_loss(alpha_t, alpha_f, phi_bar, V_bar[other]),
    }


def correlations(losses, labels):
    """Rows of a table: for each digit, r of the losses of its images, and of both controls."""
    rows = []
    for digit in range(10):
        own = labels == digit
        output = losses["output"][own]
        r = {key: correlation(losses[name][own], output) for key, (name, _) in COLUMNS.items()}
        rows.append({"digit": digit, "images": int(own.sum())} | r)
    return rows


def study(setting):
    """Look at every test image after each epoch, and keep the correlations of its losses."""
    setting.one_seed("one network is looked at, so give one seed")
    for name in setting.only or CONDITIONS:
        network = setting.network(name)
        digit = setting.size(DIGIT, 7)
        rows, shown, headlines = [], [], []
        for epoch in range(network.epochs + 1):
            losses, labels = _look(network.run, epoch)
            found = correlations(losses, labels)
            about = {"condition": name, "epoch": epoch}
            rows += [about | row for row in found]
            if epoch in SHOWN:
                shown += _images(about, losses, labels == digit)
            if epoch in HEADLINES:
                headlines += _headlines(about, found, digit)
        results = setting.results
        results.update("correlations", rows, ("condition", "epoch"))
        results.update("images", shown, ("condition", "epoch"))
        results.headline(headlines, setting.arguments or ("--only", name))


def _look(run, epoch):
    """Losses of all test images after an epoch, and their labels."""
    state = run.folder.after(epoch)
    images, labels = run.data.test_images, run.data.test_labels
    seed = run.seed(Purpose.LOOK, epoch)
    cells = observe.answers(run, state, images, labels, seed=seed)
    return image_losses(cells, labels, np.random.default_rng(epoch)), labels


def _images(about, losses, chosen):
    """Rows of a table: the losses of single images, to four figures."""
    values = np.transpose([values[chosen] for values in losses.values()])
    return [
        about | {name: f"{value:.4g}" for name, value in zip(losses, row, strict=True)}
        for row in values
    ]


def _headlines(about, rows, digit):
    """Rows of the summary: means and spreads over digits, and r of one digit."""
    about = {"condition": about["condition"], "epochs": about["epoch"]}
    headlines = []
    for column, (_, measure) in COLUMNS.items():
        r = [row[column] for row in rows if np.isfinite(row[column])]
        if r:
            headlines.append(about | {"measure": measure} | summary(r))
    one = rows[digit]
    row = {"measure": f"loss_correlation_digit_{digit}", "value": one["r"], "n": one["images"]}
    return [*headlines, about | row | {"paper": PAPER if about["epochs"] in SHOWN else None}]


page = Page(__name__, __doc__, study, CONDITIONS, smoke=small)
