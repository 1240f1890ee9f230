"""Test errors by the spread of the noise on symmetric feedback, beside random feedback.

    python -m analysis feedback_noise

Each network, and their mean; dashed with a band: networks with random feedback, mean and range.
"""

import matplotlib.pyplot as plt

from analysis.drawing import studies

LINEAR = 0.04  # mV ms: up to here the axis is linear, so that it has a 0


def draw(results):
    """One axes."""
    table, page = results.table("networks"), results.page()
    labels = {key: about["label"] for key, about in page["conditions"].items()}
    figure, ax = plt.subplots(figsize=(6, 3.6))
    places, means, look = [], [], studies.look(0)
    for key, label in labels.items():
        errors = table.where(condition=key)["test_error"]
        if not len(errors):
            continue
        if key == "random":
            ax.axhspan(errors.min(), errors.max(), color="0.85")
            ax.axhline(errors.mean(), color="0.3", linestyle="--", label="random feedback")
            continue
        places.append(float(label))
        means.append(errors.mean())
        ax.plot([places[-1]] * len(errors), errors, look["marker"], color=look["color"], mfc="w")
    ax.plot(places, means, color=look["color"], label="symmetric feedback")
    ax.set_xscale("symlog", linthresh=LINEAR)
    ax.set_xticks(places, [f"{x:g}" for x in places])
    ax.set(xlabel="spread of the noise on feedback weights (mV ms)", ylabel="test error (%)")
    ax.legend()
    return figure
