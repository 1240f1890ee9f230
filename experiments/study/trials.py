"""The table of a study, ``trials.csv``: what a row says of a trial, and of which parameters."""

import csv
import io

import numpy as np

COLUMNS = ("spread", "diverged")
OWN = ("point", "accuracy", *COLUMNS, "pruned")


def places(row):
    """What a row of ``trials.csv`` says of the parameters: name -> value."""
    others = ("fold_", "growth_")
    return {key: row[key] for key in row if key not in OWN and not key.startswith(others)}


def summary(found):
    """What a trial's folds say together, beside their mean."""
    growths = [one["growth"] for one in found]
    return {
        "folds": [one["accuracy"] for one in found],
        "spread": float(np.std([one["accuracy"] for one in found])),
        "diverged": sum(one["diverged"] for one in found),
        "cpu_seconds": sum(one["cpu_seconds"] for one in found),
        "growth": {
            f"growth_{name}": float(np.mean([g[name] for g in growths if name in g]))
            for name in dict.fromkeys(name for g in growths for name in g)
        },
    }


def as_csv(rows):
    """Rows as text; what one of them does not have is left empty."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
