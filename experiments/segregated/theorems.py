"""Do Theorem 1 and Lemma 1 hold in the networks that they are about (P Methods)?

    python -m experiments theorems [--only one_hidden printed_one_hidden lemma_1]

Theorem 1, on every test image after 0, 1, 2, 5 and 10 epochs, with rates that have settled instead
of spikes: would hidden cells at their targets bring the output nearer to its own? It promises so
where mu, the largest eigenvalue of (I - U)^T (I - U), is below 1 and the output error e small. So:
the share of images where it holds, by mu and by ``|e|``, and with output targets at a fraction of
e; and mu at averages over all images, as in P Fig 5-S1. The same on some images with averages of
spikes, and with the plateaus themselves in the hidden target.

L^0 against ||alpha^t - alpha^f||^2 on the same images: nearly equal, says P Eq. 32.

Lemma 1: the mean of a filtered Poisson train of 100 Hz against the length of its window, from rest,
after 30 ms of settling, and with the authors' kernel of 10 steps, with the bound as printed and the
bound that the proof gives if no term of its integral is left out.

Expected: it holds wherever mu < 1 as e goes to 0; but mu cannot fall below 1 for an image that
leaves the rate of an output cell no room to change, as U has a row of zeros then. Trains reach
their rate in long windows, and 0.51 of it with 10 steps. One network of each condition, ten epochs
of training if it is not trained yet; half a minute of one core to look at it.
"""

import numpy as np

from experiments.measures import angle_to_identity, correlation, distance, largest_eigenvalue
from experiments.run.seeds import Purpose
from experiments.segregated import jacobians, lemma_1
from experiments.segregated.losses import CONDITIONS
from experiments.segregated.settings import small
from experiments.study import observe
from experiments.study.page import Page
from models.segregated.losses import hidden_loss, sigma

LOOKED = (0, 1, 2, 5, 10, 20, 60)  # after which epochs
SPIKING = 1000  # test images with spikes
SHOWN = 300  # of them, one by one, in a table
FRACTIONS = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)  # of the output error
MU = (0, 0.5, 1, 1.001, 1.01, 1.1, 2, 10, 100, 1000, np.inf)  # limits of bins
ERROR = (0, 0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, np.inf)  # of |e|, 1/ms

LEMMA = "lemma_1"  # what --only calls it
RATE = 0.1  # 1/ms
WINDOWS = (5, 10, 20, 30, 50, 70, 100, 200, 500, 1000)  # ms
TRAINS = 4000
SETTLE = 30  # ms
TAPS = 10
AT = 20, 1000  # windows (ms) in the summary
BOUNDS = {"printed": lemma_1.printed, "whole": lemma_1.whole}


# --- Theorem 1 --------------------------------------------------------------------------------


def settled(pixels, labels, weights, classes=10):
    """Theorem 1 on images, (images, inputs), with rates that have settled.

    Returns left over right side, shape (fractions, images), with the output error at each of
    ``FRACTIONS``: below 1 it holds; and the largest eigenvalue mu, and ``|e|`` in 1/ms, (images,)
    each.
    """
    W, b, Y, c = (weights[key] for key in ("W_1", "b_1", "Y_0", "c_0"))
    phi_0, V_1, phi_star = jacobians.steady_state(pixels, labels, weights, classes)
    phi_1 = jacobians.PHI_MAX * sigma(V_1)
    ratio = []
    for fraction in FRACTIONS:
        target = phi_1 + fraction * (phi_star - phi_1)
        left, right = jacobians.theorem_1(phi_0, target, W, b, Y, c)
        ratio.append(left / right)
    mu = largest_eigenvalue(jacobians.products(V_1, W, Y, c))
    return np.array(ratio), mu, np.sqrt(distance(phi_star, phi_1))


def averages(pixels, labels, weights, classes=10):
    """Alignment at averages over images, with rates that have settled: rows of the summary.

    As the page ``alignment`` has it through the first epoch, without its noise of 100 images.
    Parameters are those of ``settled``.
    """
    W, Y, c = (weights[key] for key in ("W_1", "Y_0", "c_0"))
    _, V_1, _ = jacobians.steady_state(pixels, labels, weights, classes)
    U = jacobians.products(V_1, W, Y, c).mean(axis=0)
    product = jacobians.product_of_averages(V_1, W, Y, c)
    found = {
        "largest_eigenvalue_of_mean": largest_eigenvalue(U),
        "largest_eigenvalue_of_averages": largest_eigenvalue(product),
        "angle_to_identity": angle_to_identity(U),
    }
    return _rows(found, len(labels))


def spiking(cells, weights):
    """Theorem 1 on images, with averages of spikes.

    ``cells`` as from ``observe.answers`` with the losses of one hidden layer. Returns bool
    (images,): whether it holds, and whether it holds with alpha^t - alpha^f in the hidden target.
    """
    W, b, Y, c = (weights[key] for key in ("W_1", "b_1", "Y_0", "c_0"))
    phi_0, phi_star = cells["hidden_0", "phi_bar"] / 1e3, cells["output", "phi_star"] / 1e3
    left, right = jacobians.theorem_1(phi_0, phi_star, W, b, Y, c)
    target = phi_0 + (cells["hidden_0", "alpha_t"] - cells["hidden_0", "alpha_f"])
    moved = distance(phi_star, jacobians.beta(target, W, b))
    return left < right, moved < right


def shares(holds, values, limits):
    """Share of images where it holds, in bins of a quantity: rows of a table, none for empty bins.

    ``holds`` (bool) and ``values`` have shape (images,); a value at a limit of the bins is above
    it.
    """
    place = np.digitize(values, limits) - 1
    return [
        {"lower": limits[k], "upper": limits[k + 1], "images": int(mine.sum())}
        | {"holds": float(holds[mine].mean())}
        for k in range(len(limits) - 1)
        if (mine := place == k).any()
    ]


# --- Lemma 1 ----------------------------------------------------------------------------------


def train_means(trains, rng):
    """Means of filtered Poisson trains over windows of several lengths: rows of a table."""
    counts = rng.poisson(RATE, (SETTLE + max(WINDOWS), trains))
    whole, short = lemma_1.filtered(counts), lemma_1.filtered(counts, TAPS)
    rows = []
    for condition, s, since in (
        ("from_rest", whole, 0),
        ("settled", whole, SETTLE),
        ("ten_steps", short, SETTLE),
    ):
        for window in WINDOWS:
            means = s[since : since + window].mean(axis=0)
            row = {"condition": condition, "window": window, "mean": means.mean()}
            row |= {"spread": means.std(ddof=1), "trains": trains}
            row |= {name: bound(RATE, window) for name, bound in BOUNDS.items()}
            rows.append(row)
    return rows


# --- the page ---------------------------------------------------------------------------------


def study(setting):
    """Test the theorem on images, the lemma on trains, and keep the shares and means."""
    setting.one_seed("one network is looked at, so give one seed")
    for name in setting.only or (*CONDITIONS, LEMMA):
        words = setting.arguments or ("--only", name)
        if name == LEMMA:
            rows = train_means(setting.size(TRAINS, 20), np.random.default_rng(setting.seeds[0]))
            setting.results.write(LEMMA, rows)
            setting.results.headline(_of_lemma(rows), words)
            continue
        network = setting.network(name)
        for epoch in LOOKED:
            if epoch <= network.epochs:
                _theorem(setting, name, network.run, epoch, words)


def _theorem(setting, name, run, epoch, words):
    """One network after an epoch."""
    results, data = setting.results, run.data
    weights = run.folder.after(epoch)
    ratio, mu, error = settled(data.test_images, data.test_labels, weights)
    holds = ratio < 1
    about = {"condition": name, "epoch": epoch}
    rows = [about | {"by": "mu"} | row for row in shares(holds[0], mu, MU)]
    rows += [about | {"by": "error"} | row for row in shares(holds[0], error, ERROR)]
    results.update("theorem_1", rows, ("condition", "epoch"))
    rows = [
        about
        | {"fraction": fraction, "mu_below": limit, "images": int(there.sum())}
        | {"holds": float(h[there].mean())}
        for fraction, h in zip(FRACTIONS, holds, strict=True)
        for limit, there in ((np.inf, mu < np.inf), (1, mu < 1))
        if there.any()
    ]
    results.update("shrinking", rows, ("condition", "epoch"))

    size = min(SPIKING, len(data.test_labels))
    images, labels = data.test_images[:size], data.test_labels[:size]
    cells = observe.answers(
        run, weights, images, labels, seed=run.seed(Purpose.PRESENTATION, epoch)
    )
    hidden = [cells["hidden_0", key] for key in ("alpha_t", "alpha_f", "phi_bar", "V_bar")]
    loss, plateaus = hidden_loss(*hidden), distance(*hidden[:2])  # P Eq. 32
    rows = [
        about | {"loss": f"{one:.4g}", "plateaus": f"{other:.4g}"}
        for one, other in zip(loss[:SHOWN], plateaus[:SHOWN], strict=True)
    ]
    results.update("plateaus", rows, ("condition", "epoch"))
    about = {"condition": name, "epochs": epoch}
    found = averages(data.test_images, data.test_labels, weights)
    found += _of_theorem(ratio, mu, *spiking(cells, weights)) + _of_plateaus(loss, plateaus)
    results.headline([about | row for row in found], words)


def _of_theorem(ratio, mu, rates, plateaus):
    """Rows of the summary."""
    holds, below, name = ratio < 1, mu < 1, "theorem_1_holds"
    found = {"eigenvalue_below_1": below.mean(), name: holds[0].mean()}
    found |= {"theorem_1_ratio_median": np.median(ratio[0])}
    rows = _rows(found | {f"{name}_small_error": holds[-1].mean()}, len(mu))
    found = {f"{name}_spiking": rates.mean(), f"{name}_plateaus": plateaus.mean()}
    rows += _rows(found, len(rates))
    if below.any():
        name, own = f"{name}_mu_below_1", holds[:, below].mean(axis=1)
        rows += _rows({name: own[0], f"{name}_small_error": own[-1]}, int(below.sum()))
    return rows


def _of_plateaus(loss, plateaus):
    """Rows of the summary."""
    found = {"loss_0_over_plateaus": np.median(loss / plateaus)}
    found |= {"loss_0_with_plateaus_correlation": correlation(loss, plateaus)}
    return _rows(found, len(loss))


def _rows(found, n):
    return [{"measure": name, "value": float(value), "n": n} for name, value in found.items()]


def _of_lemma(rows):
    """Rows of the summary, as shares of the rate."""
    found = []
    for row in rows:
        if row["window"] in AT:
            name = f"lemma_1_mean_{row['window']}_ms"
            one = {"condition": row["condition"], "measure": name, "value": row["mean"] / RATE}
            found.append(one | {"spread": row["spread"] / RATE, "n": row["trains"]})
    for window in AT:
        for name, bound in BOUNDS.items():
            one = {"condition": f"bound_{name}", "measure": f"lemma_1_bound_{window}_ms"}
            found.append(one | {"value": bound(RATE, window) / RATE})
    return found


page = Page(__name__, __doc__, study, CONDITIONS, smoke=small, parts=(LEMMA,))
