"""Figures of the pages on segregated dendrites that are drawn in a way of their own."""

from analysis.drawing.phases import shades

EARLY = "early plateau, feedback × 16"  # what the settings of one_hidden and two_hidden are called
SHADES = shades(("forward", "target"))  # phase -> colour, opacity
