"""How Sphinx builds this site: ``make docs``.

Pages of theories, of their cells and of modules are written anew at each build, from what there is;
``fills.py`` says what stands in place of a line ``<!-- fill: ... -->``.
"""

import ast
import dataclasses
import re
import sys
from os.path import commonprefix
from pathlib import Path

from sphinx import addnodes

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import fills  # noqa: E402 (found through the line above)

from models import describe  # noqa: E402
from models import theory as theories  # noqa: E402
from models.segregated import variants  # noqa: E402
from models.theory import flag, written  # noqa: E402

project = "Credit assignment in Brian2"
author = copyright = "the authors of segregated-dendrites"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = project
html_static_path, html_css_files = ["_static"], ["wide.css"]
html_theme_options = {"light_css_variables": {"code-font-size": "75%"}}

# The notebook is run at each build, in a folder of its own; what it trains is found compiled.
nb_execution_mode, nb_execution_in_temp = "force", True
nb_execution_raise_on_error, nb_execution_timeout = True, 600
nb_output_stderr, nb_execution_show_tb = "remove", True

# Formulae are set by MathJax in the reader's browser: a build needs no LaTeX and no network, and
# a formula stays text that scales, is copied, and is read aloud.
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # as in the file: "NONE", not the address of an object
python_maximum_signature_line_length = 90
napoleon_google_docstring = False
napoleon_use_ivar = True  # a field is listed once, under its class
napoleon_use_rtype = False

PACKAGES = ("models", "experiments", "analysis")
SHOWN = ("mnist", "digits")  # the presets whose network a theory's page shows: the first it has
INPUTS, CLASSES = 784, 10
CELLS = "segregated"  # the theory that has variants
BENCH = f"results/{CELLS}/cell_bench"
COMPARISON = f"results/{CELLS}/compare_variants/compare_variants.md"


def setup(app):
    """Called by Sphinx."""
    app.connect("builder-inited", generate)
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", indented_is_code, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", several_fields, priority=600)  # after napoleon
    app.connect("autodoc-process-docstring", bars_are_bars, priority=600)
    app.connect("autodoc-skip-member", is_bare_field)
    app.connect("autodoc-process-signature", short_defaults)
    app.connect("doctree-read", names_as_modules_know_them)


def fill(app, page, content):
    """What is made from ``results`` stands where a page asks for it."""
    content[0] = fills.filled(content[0])


def generate(app):
    """Write docs/models and docs/api. Only theories and variants of this project are run."""
    source = Path(app.srcdir)
    found = {name: theories.find(name) for name in theories.names()}
    told = {name: variants.read(name) for name in variants.names()}
    pages = {"index.md": models_index(found), "variants.md": variants_index(told)}
    pages |= {f"{name}.md": theory_page(name, theory) for name, theory in found.items()}
    pages |= {f"{name}.md": variant_page(name, told[name], found[CELLS]) for name in told}
    write(source / "models", pages)
    modules = dict(sorted(public_modules()))
    pages = {f"{name}.rst": module_page(name) for name in modules}
    write(source / "api", pages | {"index.md": modules_index(modules)})


def write(folder, pages):
    """Make a folder hold these pages; those that say what they said before keep their date."""
    folder.mkdir(exist_ok=True)
    for old in set(folder.iterdir()) - {folder / name for name in pages}:
        old.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


# --- theories and their cells ---------------------------------------------------------------------


def models_index(found):
    """All theories, and what each asks of a cell."""
    rows = []
    for name, theory in found.items():
        needs = ", ".join(theory.needs) or "nothing of these"
        rows.append((f"[{name}]({name}.md)", first_line(theory.about), needs))
    parts = ["# Theories", "Each page shows all that is simulated, made from the strings that run."]
    parts.append(fills.table(("theory", "", "asks of a cell"), rows))
    parts.append(f"What a theory may ask of a cell: {', '.join(theories.NEEDS)}.")
    parts += [f"Other cells of `{CELLS}`: [its variants](variants.md)."]
    return "\n\n".join([*parts, toctree([*found, "variants"])]) + "\n"


def theory_page(name, theory):
    """A theory: what it says of itself, its presets, and its network as simulated."""
    preset = next(preset for preset in SHOWN if preset in theory.presets)
    fields = {field.name for field in dataclasses.fields(theory.options)}
    own = {key: value for key, value in theory.presets[preset].items() if key in fields}
    network = theory.network(theory.options(**own), INPUTS, CLASSES)
    parts = [f"# {name}", theory.about.strip()]
    parts += [f"Asks of a cell: {', '.join(theory.needs) or 'nothing of these'}."]
    parts += ["## Presets", presets(theory), f"Below is the network of `--preset {preset}`."]
    return "\n\n".join([*parts, describe.markdown(network, theory)])


def presets(theory):
    """A table of a theory's presets."""
    rows = []
    for name, values in theory.presets.items():
        words = ", ".join(f"`{_option(key, value)}`" for key, value in values.items())
        rows.append((f"`{name}`", words or "those by default"))
    return fills.table(("preset", "options"), rows)


def _option(name, value):
    if isinstance(value, bool):
        return flag(name if value else f"no_{name}")
    return f"{flag(name)} {written(value)}"


def variant_page(name, variant, theory):
    """One variant: what it says, its file, what the bench measured, and the model as simulated."""
    options = theory.options(layers=(500, CLASSES), variant=name)
    network = theory.network(options, INPUTS, CLASSES)
    parts = [f"# {name}", variant.about.strip(), "## The file"]
    file = f"../../models/{CELLS}/variants/{name}.py"
    parts.append(f"```{{literalinclude}} {file}\n:language: python\n```")
    if (ROOT / BENCH / f"{name}.png").exists():
        parts += ["## On the bench", f"![The cell on the bench](../../{BENCH}/{name}.png)"]
    return "\n\n".join([*parts, describe.markdown(network, theory)])


def variants_index(told):
    """All variants, and how they compare."""
    rows = [(f"[{name}]({name}.md)", first_line(told[name].about)) for name in told]
    parts = ["# Variants", f"Cells of `{CELLS}`. Each is one file; its page shows all of it."]
    parts += [fills.table(("variant", ""), rows), toctree(told)]
    if (ROOT / BENCH / "cell_bench.png").exists():
        parts += ["## On the bench", f"![All cells on the bench](../../{BENCH}/cell_bench.png)"]
    if (ROOT / COMPARISON).exists():
        parts += ["## How they learn", f"```{{include}} ../../{COMPARISON}\n```"]
    return "\n\n".join(parts) + "\n"


# --- modules --------------------------------------------------------------------------------------


def public_modules():
    """Name and first line of each module; a variant has a page of its own instead."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            *folders, stem = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(folders if stem == "__init__" else [*folders, stem])
            if name.rpartition(".")[0] != f"models.{CELLS}.variants":
                yield name, first_line(ast.get_docstring(ast.parse(path.read_text())))


def module_page(name):
    """The docstrings of a module; it is in no sidebar, which would be long, and slow to make."""
    shown = name.replace("_", r"\_")
    return f":orphan:\n\n{shown}\n{'=' * len(shown)}\n\n.. automodule:: {name}\n"


def modules_index(modules):
    """All modules, by package."""
    parts = ["# Modules"]
    for package in PACKAGES:
        own = [name for name in modules if name.split(".")[0] == package]
        rows = [(f"[{name}]({name}.rst)", modules[name]) for name in own]
        parts += [f"## {package}", fills.table(("module", ""), rows)]
    return "\n\n".join(parts) + "\n"


def toctree(names):
    """The order of pages in the sidebar."""
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])


def first_line(docstring):
    """What a docstring says in one line."""
    return docstring.strip().splitlines()[0]


def indented_is_code(app, what, name, obj, options, lines):
    """An indented block in a module's docstring is shown as it stands: commands, tables."""
    if what == "module":
        text = re.sub(r"\n\n(?=    )(?<!::\n\n)", "\n\n::\n\n", "\n".join(lines))
        lines[:] = text.split("\n")


def several_fields(app, what, name, obj, options, lines):
    """Without a space, else ``:ivar V, V_b:`` would be a field V_b of type V."""
    field = re.compile(r":(ivar|vartype) [^:]*:")
    lines[:] = [field.sub(lambda found: found[0].replace(", ", ","), line) for line in lines]


def bars_are_bars(app, what, name, obj, options, lines):
    """An absolute value, ``|x|``, is no substitution: outside of code, a bar is a bar."""
    bar = re.compile(r"(``.*?``)|\|")
    for number, line in enumerate(lines):
        if not line.startswith("    "):
            lines[number] = bar.sub(lambda found: found[1] or r"\|", line)


def names_as_modules_know_them(app, document):
    """A type named in a docstring is the one that its module means, where two have one name."""
    for link in document.findall(addnodes.pending_xref):
        meant = _meant(link["reftarget"], link.get("py:module") or "")
        if meant:
            link["reftarget"] = f"{meant.__module__}.{meant.__qualname__}"


def _meant(name, module):
    """The class of this name in a module, or in the one nearest to it; None if there is none."""
    own = [part for key, part in sys.modules.items() if key.split(".")[0] in PACKAGES]
    here = [part for part in own if part.__name__ == module and hasattr(part, name)]
    classes = [getattr(part, name, None) for part in here or own]
    found = [one for one in classes if isinstance(one, type)]
    return max(found, key=lambda one: len(commonprefix((one.__module__, module))), default=None)


def is_bare_field(app, what, name, obj, skip, options):
    """The field of a named tuple, of which Python says only its number."""
    return skip or (getattr(obj, "__doc__", None) or "").startswith("Alias for field number")


def short_defaults(app, what, name, obj, options, signature, returned):
    """The fields of a named tuple with their defaults, but not with all equations of a cell."""
    if what != "class" or not hasattr(obj, "_field_defaults"):
        return None
    shown = {field: repr(value) for field, value in obj._field_defaults.items()}
    brief = {field: text if len(text) < 30 else "..." for field, text in shown.items()}
    fields = [f"{n}={brief[n]}" if n in brief else n for n in obj._fields]
    return f"({', '.join(fields)})", returned
