"""The cells of Sacramento, Costa, Bengio & Senn (2018), as their equations are printed.

Interneurons learn to predict, and cancel, what comes down to apical dendrites from the layer above.
What they fail to cancel, where the output is taught, is the error that basal synapses learn from.
"""


def hidden(cell):
    """As it is."""
    return cell
