"""Angles to backpropagation, as all pages draw them."""


def plot_angle(x, mean, lower, upper, ax, color="C0", line="-", label=None, **more):
    """Mean angle, over a shade of the middle half of the images; returns the axes.

    ``x`` is what counts learning (images, epochs); mean and quartiles in degrees, all of one shape.
    """
    ax.fill_between(x, lower, upper, color=color, alpha=0.15, linewidth=0)
    for edge in (lower, upper):
        ax.plot(x, edge, color=color, linestyle=line, linewidth=0.4)
    ax.plot(x, mean, color=color, linestyle=line, label=label, **more)
    return ax


def right_angle(ax):
    """The line of 90 degrees, where two vectors have nothing in common; returns the axes."""
    ax.axhline(90, color="0.4", linewidth=0.8, zorder=1)
    return ax
