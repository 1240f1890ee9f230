"""Named values as JSON files hold them: strictly read and written, and of a shape.

JSON knows no NaN, though Python's does; no file of ours has one.
"""

import json
import math


def dumps(value, indent=None):
    """Values as the text of a JSON file; ValueError for numbers that are none."""
    return json.dumps(value, indent=indent, allow_nan=False)


def loads(text):
    """Values from the text of a JSON file; ValueError, whatever is wrong with it."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def fits(value, shape):
    """Whether a value has a shape.

    Parameters
    ----------
    value
        As from ``loads``.
    shape
        A type, such as ``int``, which ``True`` is not; ``float``, which ``int`` is, too; a tuple
        of shapes, one of which it must have; a list of one shape, for a list of such; a dict of
        names and shapes, where ``"name?"`` may be missing and ``...`` stands for all others.
    """
    match shape:
        case tuple():
            return any(fits(value, one) for one in shape)
        case list():
            return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
        case dict():
            return isinstance(value, dict) and _has(value, shape)
        case None:
            return value is None
    kinds = (int, float) if shape is float else shape
    return isinstance(value, kinds) and (shape in (bool, object) or not isinstance(value, bool))


def _has(value, shape):
    named = {name.rstrip("?"): one for name, one in shape.items() if name is not ...}
    there = all(name in value for name in shape if name is not ... and not name.endswith("?"))
    others = shape.get(..., object)
    return there and all(fits(part, named.get(name, others)) for name, part in value.items())


def _refuse(name):
    raise ValueError(f"{name} is no number")


def _finite(text):
    value = float(text)
    if not math.isfinite(value):  # 1e999
        _refuse(text)
    return value
