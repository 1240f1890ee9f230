"""What holds a trained network up: overfitting, spikes in its answers, noisy errors, wrong errors.

Each with the weights held still, after the first epoch and after the last.
"""

import numpy as np

from experiments.measures import angle
from experiments.run import loop
from experiments.run.seeds import Purpose
from experiments.study import observe

TRAINING = 10_000  # training images that are shown as test images are
SHOWN, TIMES = 500, 10  # training images shown again and again, as often
QUIET = ("forward_ms", "target_ms", "window_ms")  # the variant ``rates`` has its own
ERRORS = ("training_error_tested", "error_of_rates", "training_error_of_rates")
TEACHING = ("angle", "angle_without_noise", "signal")


def limits(setting, about, network):
    """Numbers of a network after its last epoch, by name (also of its first: table ``limits``).

    Parameters
    ----------
    setting : Setting
    about : dict
        Which network it is.
    network : Trained

    Returns
    -------
    dict
        Errors in per cent: ``training_error_tested``, of training images shown as test images are;
        ``error_of_rates`` and ``training_error_of_rates``, by the same weights in a network of
        rates at their steady state (variant ``rates``): what is more or less with spikes is of
        their noise and of dynamics. And what ``teaching`` returns.
    """
    run, options = network.run, setting.page.conditions[about["condition"]].options
    quiet = {key: value for key, value in options.items() if key not in QUIET}
    quiet = loop.Run(setting.config(quiet | {"variant": "rates"}, network.epochs, about["seed"]))
    watched = loop.Run(run.config, run.folder)
    watched.network = watched.network._replace(observe=True)
    rows = []
    for epoch in sorted({1, network.epochs}):
        state, seed = run.folder.after(epoch), run.seed(Purpose.LOOK, epoch)
        few = setting.size(TRAINING, 4)
        errors = run.test(state, few, seed, training=True)[0], *_errors(quiet, state, seed, few)
        row = dict(zip(ERRORS, errors, strict=True))
        row |= teaching(watched, state, *setting.size((SHOWN, TIMES), (4, 2)))
        rows.append(about | {"after": epoch} | row)
    setting.results.update("limits", rows, (*about, "after"))
    return {name: rows[-1][name] for name in (*ERRORS, *TEACHING)}


def _errors(run, state, seed, few):
    """Errors of all test images and of a few training images."""
    tested = run.test(state, len(run.data.test_labels), seed)[0]
    return tested, run.test(state, few, seed, training=True)[0]


def teaching(run, state, images, times):
    """How well the errors of the lowest hidden layer agree with backpropagation's, and why not.

    Training images are shown ``times`` times, each time with other spikes. An error is what is the
    same in all of them (the signal), and noise. Products of two halves of the times hold the signal
    alone, as their noise has nothing in common.

    Parameters
    ----------
    run : Run
        Whose network holds both errors (``Model.observe``).
    state : dict
    images, times : int

    Returns
    -------
    dict
        ``angle``: degrees between the errors of all images, by one presentation each, and those
        that backpropagation hands down in it; ``angle_without_noise``: between the signals of both;
        ``signal``: the share that the signal has in the mean square of an error.
    """
    shown = observe.some(run, min(images, len(run.data.train_labels)))
    seeds = [run.seed(Purpose.PRESENTATION, k) for k in range(times)]
    found = [observe.answers(run, state, *shown, ("errors",), seed=s % 2**32) for s in seeds]
    own, best = (np.array([one["hidden_0", name] for one in found]) for name in ("error", "e_bp"))
    single = [float(angle(a.ravel(), b.ravel())) for a, b in zip(own, best, strict=True)]
    return {"angle": float(np.mean(single))} | shares(own, best)


def shares(own, best):
    """The angle of signals, and the share of signal in ``own``: (times, images, cells) both."""
    (a, b), (c, d) = ((v[::2].mean(axis=0), v[1::2].mean(axis=0)) for v in (own, best))
    power, theirs, alike = np.sum(a * b), np.sum(c * d), np.sum(a * d + b * c) / 2
    cosine = alike / np.sqrt(power * theirs) if power > 0 and theirs > 0 else np.nan
    return {
        "angle_without_noise": float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
        "signal": float(power / np.mean(np.sum(own**2, axis=(1, 2)))),
    }
