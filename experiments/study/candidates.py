"""Choose among settings on training images held out, as all of a page::

    page = candidates(__name__, __doc__, CONDITIONS, title="...")

The test set is left alone.
"""

from experiments.study.comparison import curve
from experiments.study.page import Page


def candidates(module, text, conditions, title="", **more):
    """A page that trains each condition with one seed; as ``Page``, without its study.

    Options of each condition have ``validation``: errors in its tables are of these images.
    """
    return Page(module, text, study, conditions, title=title, **more)


def study(setting):
    """Train the candidates, and write their errors on the images held out."""
    seed = setting.one_seed("candidates are compared with one seed")
    page = setting.page
    for name in setting.chosen(page.conditions):
        condition = page.conditions[name]
        epochs = setting.epochs or condition.epochs
        network = setting.trained(f"{page.name}/{name}", condition.options, epochs)
        curve(setting.results, name, seed, network, condition)
        own = setting.results.table("curves").where(condition=name, seed=seed)
        row = {"condition": name, "measure": "validation_error", "n": 1}
        row |= {"epochs": own["epoch"].max(), "value": own["test_error"][own["epoch"].argmax()]}
        setting.results.headline([row], setting.arguments or ("--only", name))
