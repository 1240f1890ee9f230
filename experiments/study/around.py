"""How robust is a theory to its settings? All that it names is moved, by the same factors for all.

Accuracy is the mean of three folds of the first 600 training images, with as many epochs as the
settings have; the test set is left alone. One that has more to move is moved farther, and one that
names little has little to lose: the number of parameters is told beside each. A bound that no
network can go beyond, such as of a phase, is drawn in. To be compared are the two factors with
settings as they are, of the same folds (one point, so no interval), and theories with as much to
move.
"""

from experiments.study import search, trials
from experiments.study.statistics import median_row

SPREADS = 2.0, 4.0
UNMOVED, NEARLY = 1.0, 1.0001  # a design within the second is told as the first
IMAGES, FOLDS = 600, 3


def moved(config, points, out, where, smoke=False):
    """Study a configuration within each factor, or go on with it.

    Parameters
    ----------
    config : Config
    points : int
        Of a scrambled Sobol sequence, within each factor; one with settings as they are.
    out : path
        Studies are in folders of this name with the factor at its end.
    where : jobs.Where
    smoke : bool
        One point of two short folds.

    Returns
    -------
    list of dict
        A row for each point: ``spread`` (1: not moved), ``point``, ``parameters`` (their number),
        ``accuracy`` and ``diverged`` (folds).

    Raises
    ------
    ValueError
        If the theory names nothing for a search to move, or there is no Optuna.
    """
    rows = []
    for spread, count in ((UNMOVED, 1), *((spread, points) for spread in SPREADS)):
        asked = search.Study(search.ROBUST, count, max(spread, NEARLY), IMAGES, FOLDS)
        if smoke:
            asked = asked._replace(evaluations=1, images=60, folds=2)
        print(f"{config.theory}: settings moved within a factor of {spread:g}", flush=True)
        for row in search.run(config, asked, f"{out}_{spread:g}", where):
            about = {"spread": spread, "point": row["point"]}
            about |= {"parameters": len(trials.places(row))}
            rows.append(about | {key: row[key] for key in ("accuracy", "diverged")})
    return rows


def heads(rows):
    """Headlines without a condition: the median accuracy within each factor, and its interval.

    Of settings as they are, the accuracy.
    """
    for spread in dict.fromkeys(row["spread"] for row in rows):
        own = [row["accuracy"] for row in rows if row["spread"] == spread]
        for end, value in ({"": own[0]} if spread == UNMOVED else median_row(own)).items():
            yield {"measure": f"robust_{spread:g}{end}", "value": value, "n": len(own)}
