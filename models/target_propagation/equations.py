"""What a cell does, as statements for reading, with sums over cells and images left out.

Weights and activities are those of one synapse and one cell: what runs are the arrays of
``layers``. In layers of one cell the two are the same, and a test compares them there.
"""

RATE = {"tanh": "tanh({a})", "sigmoid": "1/(1 + exp(-({a})))", "linear": "({a})"}
SLOPE = {"tanh": "(1 - {h}**2)", "sigmoid": "{h}*(1 - {h})", "linear": "1"}
SOFTMAX = """
{h} = exp({a})
total = {h}  # summed over the outputs
{h} = {h}/total
"""
OUTPUT_ERROR = {
    "cross-entropy": "delta = h - target",
    "squared": "delta = (h - target)*h*(1 - h)",
}
NOISY = "h = x + pixel_noise*xi  # in learning; xi ~ N(0, 1)"
FORWARD = "W*h_below + b"
INVERSE = "V*{above} + c"
RANDOM = "V*{above} + V_z*z + c"  # AO-SDTP: the inverse of the output sees features z, too
UPDATE = {
    "adam": """
        W_mean += (1 - beta_1)*(grad_W - W_mean)
        W_square += (1 - beta_2)*(grad_W**2 - W_square)
        W -= eta*W_mean/(1 - beta_1**k)/(sqrt(W_square/(1 - beta_2**k)) + epsilon)
    """,
    "rmsprop": """
        W_mean += (1 - rho)*(grad_W - W_mean)
        W_square += (1 - rho)*(grad_W**2 - W_square)
        W -= eta*grad_W/sqrt(W_square - W_mean**2 + epsilon)
    """,
}
LEARN = "grad_W = delta*h_below  # mean over a mini-batch\ngrad_b = delta"


def equations(options):
    """Population -> name of a block -> statements."""
    hidden = len(options.layers) - 1
    found = {"input": {"rate": NOISY if options.pixel_noise else "h = x"}}
    for m in range(hidden):
        found[f"hidden_{m}"] = _hidden(options, m, m == hidden - 1)
    update = {"learn": LEARN, "update (so b, V and c)": UPDATE[options.optimiser]}
    output = {"rate": _output(options, "h", FORWARD), "error": OUTPUT_ERROR[options.loss]}
    return found | {"output": output | update}


def _hidden(options, m, last):
    s, slope = RATE[options.nonlinearity], SLOPE[options.nonlinearity]
    learn = {"learn": LEARN, "update (so b, V and c)": UPDATE[options.optimiser]}
    found = {"rate": "h = " + s.format(a=FORWARD)}
    if not options.inverses:
        weights = "B" if options.mode == "fa" else "W_above"
        error = f"delta = {weights}*delta_above*{slope.format(h='h')}"
        return found | {"error": error} | learn
    error = f"delta = 2*(h - target)*{slope.format(h='h')}"
    light = " + light" if options.light else ""
    if m >= options.inverses:
        goal = "target = h - alpha*W_above*delta_above" + light
        return found | {"target": goal, "error": error} | learn
    random = last and options.mode == "ao-sdtp"
    inverse = s.format(a=RANDOM if random else INVERSE)
    there, here = (inverse.format(above=name) for name in ("target_above", "h_above"))
    goal = f"target = h + {there} - {here}" + light
    upwards = "W_above*h_noisy + b_above"
    goes_up = _output(options, "h_up", upwards) if last else "h_up = " + s.format(a=upwards)
    wanted = "h_noisy" if options.inverse == "preserving" else "h"
    lines = [
        "h_noisy = h + sigma*xi  # xi ~ N(0, 1)",
        goes_up,
        *(["z = tanh(R*h_noisy)"] if random else []),
        "h_back = " + inverse.format(above="h_up"),
        f"delta_back = 2*(h_back - {wanted})*{slope.format(h='h_back')}",
        "grad_V = delta_back*h_up",
        *(["grad_V_z = delta_back*z"] if random else []),
        "grad_c = delta_back",
    ]
    features = "z = tanh(R*h)\n" if random else ""
    return (
        found | {"target": features + goal, "error": error} | learn | {"invert": "\n".join(lines)}
    )


def _output(options, h, a):
    if options.loss == "cross-entropy":
        return SOFTMAX.strip().format(h=h, a=a)
    return f"{h} = " + RATE["sigmoid"].format(a=a)
