"""Which rates? Chosen on training images held out; the test set is left alone.

    python -m experiments targets_rates [--only dtp_published ...]

The networks of `targets_mnist` on 50,000 training images, tested on the other 10,000; and that of
the preset `digits` on 1,137 of its training images, tested on the other 300. A few passes with
rates that fall; one seed, so that differences under 0.3 % say nothing. Names say what was changed:
`eta` of forward weights, `inverse` that of inverses, `sigma` the noise that inverses learn with,
`alpha` the first step of DTP, and the mini-batch. "Published" are the best rates of Bartunov et al.
(2018), who learned for up to 500 epochs; what their mini-batch was, they do not say.

Expected: with the published rates DTP has learned little after four passes; it learns most at
0.001 for both. SDTP does not bear that. Twelve minutes of one core in all.
"""

from experiments.study.candidates import candidates
from experiments.study.conditions import Condition
from experiments.target_propagation.targets_mnist import small
from models.target_propagation.options import PRESETS

HELD_OUT = {"validation": 10_000, "quick_examples": 0, "decay": 0.9}
DIGITS = {"dataset": "digits", "data_dir": None, "validation": 300, "quick_examples": 0}
PUBLISHED = {"eta": 3.1e-4, "eta_inverse": 4.6e-3, "alpha": 0.23, "sigma": 0.22}
SDTP_PUBLISHED = {"eta": 3.0e-4, "eta_inverse": 9.6e-3, "sigma": 0.12, "inverse": "denoising"}


def turns(label, preset, **options):
    """Four passes of weights that take turns."""
    return Condition(label, PRESETS[preset] | HELD_OUT | options, 8, each=2)


def one_way(label, preset, eta):
    """Six passes without inverses."""
    return Condition(label, PRESETS[preset] | HELD_OUT | {"eta": eta, "decay": 0.75}, 6)


def digits(label, **options):
    """The preset for the digits."""
    return Condition(f"digits, {label}", PRESETS["digits"] | DIGITS | options, 20)


CONDITIONS = {
    "dtp_published": turns("DTP, published", "dtp", **PUBLISHED),
    "dtp_eta_0.001": turns("DTP, eta 0.001", "dtp", **PUBLISHED | {"eta": 1e-3}),
    "dtp_eta_0.003": turns("DTP, eta 0.003", "dtp", **PUBLISHED | {"eta": 3e-3}),
    "dtp": turns("DTP, chosen", "dtp"),
    "dtp_eta_0.002": turns("DTP, chosen but eta 0.002", "dtp", eta=2e-3),
    "dtp_inverse_0.0003": turns("DTP, chosen but inverse 0.0003", "dtp", eta_inverse=3e-4),
    "dtp_sigma_0.22": turns("DTP, chosen but sigma 0.22", "dtp", sigma=0.22),
    "dtp_sigma_0.03": turns("DTP, chosen but sigma 0.03", "dtp", sigma=0.03),
    "dtp_alpha_0.05": turns("DTP, chosen but alpha 0.05", "dtp", alpha=0.05),
    "dtp_alpha_1": turns("DTP, chosen but alpha 1", "dtp", alpha=1.0),
    "dtp_batch_50": turns("DTP, chosen but batch 50", "dtp", batch=50),
    "dtp_batch_200": turns("DTP, chosen but batch 200", "dtp", batch=200),
    "sdtp_published": turns("SDTP, published", "sdtp", **SDTP_PUBLISHED),
    "sdtp_eta_0.001": turns("SDTP, eta 0.001", "sdtp", **SDTP_PUBLISHED | {"eta": 1e-3}),
    "sdtp": turns("SDTP, chosen", "sdtp"),
    "fa_0.0005": one_way("feedback alignment, eta 0.0005", "fa", 5e-4),
    "fa_0.001": one_way("feedback alignment, eta 0.001", "fa", 1e-3),
    "fa_0.002": one_way("feedback alignment, eta 0.002", "fa", 2e-3),
    "bp_0.0002": one_way("backpropagation, eta 0.0002", "bp", 2e-4),
    "bp_0.0005": one_way("backpropagation, eta 0.0005", "bp", 5e-4),
    "bp_0.001": one_way("backpropagation, eta 0.001", "bp", 1e-3),
    "digits_0.0003": digits("both 0.0003", eta=3e-4, eta_inverse=3e-4),
    "digits_0.001": digits("both 0.001", eta=1e-3, eta_inverse=1e-3),
    "digits_0.003": digits("both 0.003", eta=3e-3, eta_inverse=3e-3),
    "digits_inverse_0.003": digits("eta 0.001, inverse 0.003", eta=1e-3, eta_inverse=3e-3),
}

page = candidates(
    __name__, __doc__, CONDITIONS, "Target propagation on images held out", smoke=small
)
