"""Equation strings as MathML, so that a browser sets them as a paper does.

``equation`` takes a line of a model, ``statement`` what is done at a moment. Terms stay in the
order in which they were written. What is neither raises ValueError; nothing is ever evaluated.

Names are read as in the paper: Greek letters by name, ``V_a`` with a subscript, ``V_bar`` with a
line above, ``phi_star`` with a star. An assignment is an arrow: ``x += w`` is x ← x + w.
"""

import ast
import re
from html import escape

SMALL = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
GREEK = dict(zip(SMALL.split(), "αβγδεζηθικλμνξπρστ", strict=True))
GREEK |= {"phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω"}
GREEK |= dict(zip("Gamma Delta Theta Lambda Xi Pi".split(), "ΓΔΘΛΞΠ", strict=True))
GREEK |= {"Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"}

# How tightly an expression holds together; one that is looser than its place wants goes into
# parentheses. A FACTOR is a fraction or a power.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, FACTOR, ATOM = range(8)
SIGNS = {ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "&lt;", ast.LtE: "≤", ast.Gt: "&gt;", ast.GtE: "≥"}
SIGNS |= {ast.Add: "+", ast.Sub: "−"}
TIMES = '<mo lspace="0" rspace="0.17em">&#x2062;</mo>'  # not seen, but for a thin space
APPLY = "<mo>&#x2061;</mo>"  # not seen: a function and its arguments
GAP = '<mspace width="0.3em"></mspace>'


def equation(text):
    """``name = expression``, ``dname/dt = expression`` or ``name``, as a ``<math>`` element."""
    left, equals, right = text.partition("=")
    derivative = re.fullmatch(r"d([A-Za-z]\w*)/dt", left.strip())
    if derivative:
        shown = _fraction(_upright("d") + symbol(derivative[1]), symbol("dt"))
    elif left.strip().isidentifier():
        shown = symbol(left.strip())
    else:
        raise ValueError(f"not an equation: {text}")
    if equals:
        shown += "<mo>=</mo>" + _expression(_parsed(right, "eval").body)[1]
    return _math(shown, text)


def statement(text):
    """Assignments and conditions, with ``;`` between them, as a list of ``<math>`` elements."""
    text = text.strip()
    nodes = _parsed(text, "exec").body
    return [_math(_statement(node), ast.get_source_segment(text, node)) for node in nodes]


def symbol(name):
    """A name as MathML, with its marks and subscripts."""
    if name == "dt":
        return _tag("mrow", _upright("d"), _letter("t"))
    base, *marks = name.split("_")
    letter = len(base) == 1 or base in GREEK
    if not all((base, *marks)) or not (letter or all(len(mark) < 3 for mark in marks)):
        return _tag("mi", escape(name))  # words, not a letter with marks
    shown = _letter(base)
    if "bar" in marks:
        shown = f'<mover>{shown}<mo stretchy="false">¯</mo></mover>'
    below = [_letter(mark) for mark in marks if mark not in ("bar", "star")]
    subscript = _tag("mrow", "<mo>,</mo>".join(below))
    if "star" in marks and below:
        return _tag("msubsup", shown, subscript, "<mo>*</mo>")
    if "star" in marks:
        return _tag("msup", shown, "<mo>*</mo>")
    return _tag("msub", shown, subscript) if below else shown


def _math(shown, source):
    note = f'<annotation encoding="text/plain">{escape(source.strip())}</annotation>'
    return f'<math displaystyle="true">{_tag("semantics", _tag("mrow", shown), note)}</math>'


def _parsed(text, mode):
    try:
        return ast.parse(text.strip(), mode=mode)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"not an expression: {text}") from error


def _statement(node):
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return f"{symbol(name)}<mo>←</mo>{_expression(value)[1]}"
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
            return f"{symbol(name)}<mo>←</mo>{_expression(ast.BinOp(target, op, value))[1]}"
        case ast.Expr(value=ast.Compare() | ast.BoolOp() as condition):
            return _expression(condition)[1]
        case ast.Expr(value=ast.Constant(value=True)):
            return "<mtext>always</mtext>"
    raise ValueError(f"not a statement: {ast.unparse(node)}")


def _expression(node, inline=False):
    """How tightly an expression holds together, and its MathML; ``inline``: a/b on one line."""
    negative, rest = _unsigned(node)
    if negative:
        return SUM, f'<mo form="prefix">−</mo>{_part(rest, PRODUCT, inline)}'
    match node:
        case ast.Name(id=name):
            return ATOM, symbol(name)
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value):
            return ATOM, _tag("mn", repr(value))
        case ast.BinOp():
            return _binary(node, inline)
        case ast.Compare(left=left, ops=ops, comparators=others):
            if all(type(op) in SIGNS for op in ops):
                shown = _part(left, SUM, inline)
                for op, other in zip(ops, others, strict=True):
                    shown += f"<mo>{SIGNS[type(op)]}</mo>{_part(other, SUM, inline)}"
                return COMPARISON, shown
        case ast.BoolOp(op=op, values=values):
            level, word = (AND, "and") if isinstance(op, ast.And) else (OR, "or")
            parts = [_part(value, level + 1, inline) for value in values]
            return level, f"{GAP}<mtext>{word}</mtext>{GAP}".join(parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return NOT, f"<mtext>not</mtext>{GAP}{_part(operand, NOT, inline)}"
        case ast.Call(func=ast.Name(id=name), args=values, keywords=[]):
            return _call(name, values, inline)
    raise ValueError(f"not an expression: {ast.unparse(node)}")


def _unsigned(node):
    """Whether a product or quotient begins with a minus, and what is left without it."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return True, operand
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            negative, rest = _unsigned(left)
            return negative, ast.BinOp(rest, op, right)
    return False, node


def _binary(node, inline):
    left, right = node.left, node.right
    match node.op:
        case ast.Add() | ast.Sub() as op:
            parts = _part(left, SUM, inline), _part(right, PRODUCT, inline)
            return SUM, f"<mo>{SIGNS[type(op)]}</mo>".join(parts)
        case ast.Mult():
            return PRODUCT, TIMES.join((_part(left, PRODUCT, inline), _part(right, FACTOR, inline)))
        case ast.Div() if inline:
            parts = _part(left, PRODUCT, inline), _part(right, FACTOR, inline)
            return PRODUCT, '<mo lspace="0" rspace="0">/</mo>'.join(parts)
        case ast.Div():
            return FACTOR, _fraction(_expression(left)[1], _expression(right)[1])
        case ast.FloorDiv():
            quotient = _expression(ast.BinOp(left, ast.Div(), right), inline=True)[1]
            return ATOM, _tag("mrow", f"<mo>⌊</mo>{quotient}<mo>⌋</mo>")
        case ast.Mod():
            parts = _part(left, FACTOR, inline), _part(right, FACTOR, inline)
            return PRODUCT, f"{GAP}<mi>mod</mi>{GAP}".join(parts)
        case ast.Pow():
            power = _tag("mrow", _expression(right, inline=True)[1])
            return FACTOR, _tag("msup", _tag("mrow", _part(left, ATOM, inline)), power)
    raise ValueError(f"not an expression: {ast.unparse(node)}")


def _call(name, values, inline):
    match name, values:
        case "exp", [value]:
            return FACTOR, _tag("msup", "<mi>e</mi>", _tag("mrow", _expression(value, True)[1]))
        case "sqrt", [value]:
            return ATOM, _tag("msqrt", _expression(value)[1])
        case "abs", [value]:
            shown = _expression(value, inline)[1]
            bars = (f'<mo form="{form}" stretchy="true">|</mo>' for form in ("prefix", "postfix"))
            return ATOM, _tag("mrow", shown.join(bars))
    shown = "<mo>,</mo>".join(_expression(value, inline)[1] for value in values)
    return ATOM, _tag("mrow", symbol(name), APPLY, _parentheses(shown))


def _part(node, level, inline):
    """An expression where one that holds together at least so tightly is wanted."""
    holds, shown = _expression(node, inline)
    return shown if holds >= level else _parentheses(shown)


def _parentheses(shown):
    return _tag("mrow", "<mo>(</mo>", shown, "<mo>)</mo>")


def _fraction(above, below):
    return _tag("mfrac", _tag("mrow", above), _tag("mrow", below))


def _letter(text):
    if text.isdigit():
        return _tag("mn", text)
    return _tag("mi", escape(GREEK.get(text, text)))


def _upright(text):
    return f'<mi mathvariant="normal">{text}</mi>'


def _tag(name, *parts):
    return f"<{name}>{''.join(parts)}</{name}>"
