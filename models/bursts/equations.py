"""What an ensemble does, as statements for reading, with sums over cells and images left out.

Weights and rates are those of one synapse and one ensemble: what runs are the arrays of ``layers``.
In layers of one ensemble the two are the same, and a test compares them there.
"""

RATE = "h = 1/(1 + exp(-(W*h_below + bias)))  # event rate e"
OUTPUT = """
    p = p_0
    b = p*h
    p_taught = p_0*((target - h)*(1 - h) + 1)
    b_taught = p_taught*h
    change = b_taught - b
"""
HIDDEN = """
    u = {Y}*b_above*(1 - h){early}
    p = 1/(1 + exp(-u))
    b = p*h
    u_taught = {Y}*b_taught_above*(1 - h){late}
    p_taught = 1/(1 + exp(-u_taught))
    b_taught = p_taught*h
    change = b_taught - b
"""
RECURRENT = """
    q = {Y}*b_above*(1 - h)
    before = h/(1 + exp(-q))
    u = q - R*before{early}
    p = 1/(1 + exp(-u))
    b = p*h
    q_taught = {Y}*b_taught_above*(1 - h)
    u_taught = q_taught - R*h/(1 + exp(-q_taught)){late}
    p_taught = 1/(1 + exp(-u_taught))
    b_taught = p_taught*h
    change = b_taught - b
"""
BACKPROP = {
    "output": "change = p_0*(target - h)*h*(1 - h)",
    "hidden": "change = W_above*change_above*h*(1 - h)/4",
}
FORWARD = "W += eta*change*h_below  # mean over a mini-batch; so bias, without h_below"
BACK = "Y_below += eta*change*h_below  # weights by which its bursts are heard below"
MOVES = """
    W_moves = momentum*W_moves + eta*change*h_below  # mean over a mini-batch; so all that learns
    W += W_moves
"""
AMONG = "R += eta_R*u*before  # before the weights above"
DECAY = "W *= 1 - weight_decay  # and learned feedback"


def equations(options):
    """Population -> name of a block -> statements."""
    found, hidden = {"input": {"rate": "h = x"}}, len(options.layers) - 1
    back = "W_above" if options.feedback == "transposed" else "Y"
    exact = options.feedback == "backprop"
    for m in range(hidden):
        lit = {"early": options.light_early, "late": options.light_late}
        lit = {when: f" + light_{when}" if light else "" for when, light in lit.items()}
        bursts = (RECURRENT if options.recurrent else HIDDEN).format(Y=back, **lit)
        told = {"rate": RATE, "bursts": BACKPROP["hidden"] if exact else bursts}
        found[f"hidden_{m}"] = told | _learn(options, m)
    told = {"rate": RATE, "bursts": BACKPROP["output"] if exact else OUTPUT}
    return found | {"output": told | _learn(options, hidden)}


def _learn(options, m):
    found = {"decay": DECAY} if options.weight_decay else {}
    if options.momentum:
        found["learn"] = MOVES
    elif m and options.feedback == "learned":
        found["learn"] = f"{FORWARD}\n{BACK}"
    else:
        found["learn"] = FORWARD
    if options.recurrent and m < len(options.layers) - 1:
        found["recurrent"] = AMONG
    return found
