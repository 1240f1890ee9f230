"""Regular spikes of hidden and output cells, Poisson spikes of the inputs.

As the variant ``regular`` but for the images: these still arrive as Poisson spikes, so that no two
presentations of an image are alike. It tells two effects of noise apart: within the network it
blurs what a cell hears of its teacher, at the input it keeps the network from learning its images
by heart.

Source: as ``regular``; noise on inputs as a regulariser: Bishop (1995), "Training with noise is
equivalent to Tikhonov regularization".

Expect: a higher training error than ``regular`` and, in long trainings, no higher error on images
that were held out.
"""

from models.segregated import output
from models.segregated.variants.paper import HIDDEN as PAPER
from models.segregated.variants.regular import regular

HIDDEN, OUTPUT = regular(PAPER), regular(output.OUTPUT)
