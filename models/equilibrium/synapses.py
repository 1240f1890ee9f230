"""Synapses: what they send in a step, and how they learn from the two phases (eq 10, or eq 12)."""

from models.engine.circuit import Pathway, Projection

W = "w : 1  # weight"
GRAD = "grad : 1  # sum over the mini-batch"
UPDATE = "w += alpha_post*grad/batch\ngrad = 0"

PIXEL = "below_post += w*x_pre"  # once an image: pixels are clamped
UP = "below_post += w*r_pre"
DOWN = "above_pre += w*r_post"  # the same synapses, used backwards
BACK = "above_post += w*r_pre"  # synapses of their own, where weights are not symmetric

# Eq 10: online, and summed over a mini-batch. A pixel is the same in both phases.
LEARN = "w += alpha_post*learns_post*(r_pre*r_post - r_free_pre*r_free_post)/beta_post"
LEARN_PIXEL = "w += alpha_post*learns_post*x_pre*(r_post - r_free_post)/beta_post"
SUM = "grad += learns_post*(r_pre*r_post - r_free_pre*r_free_post)/beta_post"
SUM_PIXEL = "grad += learns_post*x_pre*(r_post - r_free_post)/beta_post"

# Eq 12: in each step of the nudged phase, the rate of the source in its middle times the change of
# the rate of the target. Up and down together they would add up to eq 10.
RULE = "w += alpha_post*learns_post*(r_before_pre + r_pre)/2*(r_post - r_before_post)/beta_post"
SUM_RULE = "grad += learns_post*(r_before_pre + r_pre)/2*(r_post - r_before_post)/beta_post"


def pixels(options, above):
    """From the input, which is clamped."""
    paths = {"pixel": Pathway(PIXEL, "pixel")}
    return _learning(options, "input", above, paths, (LEARN_PIXEL, SUM_PIXEL), ("pixel", "learn"))


def both_ways(options, below, above):
    """Between two layers, with one matrix for both directions."""
    paths = {"up": Pathway(UP, "send"), "down": Pathway(DOWN, "send", by="post")}
    return _learning(options, below, above, paths, (LEARN, SUM), ("learn", "learn"))


def one_way(options, source, target, send):
    """From one layer to another; the way back is another projection."""
    paths = {"send": Pathway(send, "send")}
    return _learning(options, source, target, paths, (RULE, SUM_RULE), ("rule", "rule"))


def _learning(options, source, target, paths, codes, when):
    """A projection that learns, online or from sums over mini-batches."""
    online, total = codes
    event, at = when
    if options.batch == 1:
        return Projection(source, target, W, paths | {"learn": Pathway(online, event, at=at)})
    paths = paths | {"learn": Pathway(total, event, at=at)}
    return Projection(source, target, f"{W}\n{GRAD}", paths, {"update": UPDATE})
