"""Time within an image, and what comes at its times: volleys, acetylcholine and light.

All is given with each image, in ms since its onset, so that one program shows images with any of
it: ``M_from`` and ``ACh_from``, when the two windows begin (never, in a test), and ``lights``, what
light does to each class of cells, and when.
"""

KINDS = ("E", "PV", "SST", "VIP")  # what light may reach, in the order of ``lights``

# In the middle of a step. All of it is one number for all cells.
CLOCK = """
    k                                                         : 1 (shared)  # steps since the onset
    since = (k + 0.5)*dt                                      : second (shared)  # the time now
    t_M                                                       : second (shared)
    t_ACh                                                     : second (shared)
    M = int(since > t_M)*int(since < t_M + T_v)               : 1 (shared)  # movement, an answer
    ACh = int(since > t_ACh)*int(since < t_ACh + T_v)         : 1 (shared)  # acetylcholine
"""
TOLD = """
    k = 0
    t_M = M_from(example*dt)*ms
    t_ACh = ACh_from(example*dt)*ms
"""
TICK = "k += 1"

# Channelrhodopsin where the conductance is positive, halorhodopsin where it is negative.
LIGHT = """
    light                                                     : Hz (shared)  # conductance, signed
    t_on                                                      : second (shared)
    t_off                                                     : second (shared)
    lit = int(since > t_on)*int(since < t_off)                : 1 (shared)
    g_ChR = lit*light*int(light > 0*Hz)                       : Hz (shared)  # excites
    g_HaloR = -lit*light*int(light < 0*Hz)                    : Hz (shared)  # inhibits
"""
SEEN = """
    light = lights(example*dt, own_class)/ms
    t_on = lights(example*dt, n_classes)*ms
    t_off = lights(example*dt, n_classes + 1)*ms
"""
