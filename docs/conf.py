"""How Sphinx builds this site: ``make docs``.

Pages of models and of modules are written anew at each build, from the files that there are.
"""

import ast
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from models import describe  # noqa: E402 (found through the line above)
from models.segregated import variants  # noqa: E402 (found through the line above)
from models.segregated.network import Model  # noqa: E402

project = "Segregated dendrites"
author = copyright = "the authors of segregated-dendrites"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = project
html_static_path, html_css_files = ["_static"], ["wide.css"]
html_theme_options = {"light_css_variables": {"code-font-size": "75%"}}

# Formulae are set by MathJax in the reader's browser: a build needs no LaTeX and no network, and
# a formula stays text that scales, is copied, and is read aloud.
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # parts of the README start below its title

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # as in the file: "NONE", not the address of an object
python_maximum_signature_line_length = 90
napoleon_google_docstring = False
napoleon_use_ivar = True  # a field is listed once, under its class
napoleon_use_rtype = False

PACKAGES = ("models", "experiments", "analysis")
BENCH = "results/cell_bench"
COMPARISON = "results/compare_variants/compare_variants.md"


def setup(app):
    """Called by Sphinx."""
    app.connect("builder-inited", generate)
    app.connect("include-read", links_from_here)
    app.connect("autodoc-process-docstring", indented_is_code, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", several_fields, priority=600)  # after napoleon
    app.connect("autodoc-skip-member", is_bare_field)
    app.connect("autodoc-process-signature", short_defaults)


def links_from_here(app, path, parent, content):
    """Links of the README: to the page of a module, or to a file from this folder."""

    def here(link):
        target = Path(link[1])
        name = ".".join(target.with_suffix("").parts)
        if name == "models.variants":
            return "](models/index.md)"
        if target.parts[0] in PACKAGES:
            return f"](api/{name}.rst)"
        if target.parts[0] == "docs":
            return f"]({Path(*target.parts[1:])})"
        return f"](../{target})"

    if path.name == "README.md":
        content[0] = re.sub(r"\]\((?!https?:)([^)]*)\)", here, content[0])


def generate(app):
    """Write docs/models and docs/api. Only variants of this project are run."""
    source = Path(app.srcdir)
    told = {name: variants.read(name) for name in variants.names()}
    pages = {f"{name}.md": model_page(name, variant) for name, variant in told.items()}
    write(source / "models", pages | {"index.md": models_index(told)})
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


def model_page(name, variant):
    """One variant: what it says, its file, what the bench measured, and the model as simulated."""
    model = variant.applied(Model(describe.LAYERS)).check()
    parts = [f"# {name}", variant.about.strip(), "## The file"]
    parts.append(f"```{{literalinclude}} ../../models/variants/{name}.py\n:language: python\n```")
    if (ROOT / BENCH / f"{name}.png").exists():
        parts += ["## On the bench", f"![The cell on the bench](../../{BENCH}/{name}.png)"]
    return "\n\n".join([*parts, describe.whole(model, "markdown")])


def models_index(told):
    """All variants, and how they compare."""
    rows = [f"| [{name}]({name}.md) | {first_line(told[name].about)} |" for name in told]
    parts = ["# Models", "Each is one file; its page shows all that is simulated."]
    parts += ["\n".join(["| model | |", "|---|---|", *rows]), toctree(told)]
    if (ROOT / BENCH / "cell_bench.png").exists():
        parts += ["## On the bench", f"![All cells on the bench](../../{BENCH}/cell_bench.png)"]
    if (ROOT / COMPARISON).exists():
        parts += ["## How they learn", f"```{{include}} ../../{COMPARISON}\n```"]
    return "\n\n".join(parts) + "\n"


def public_modules():
    """Name and first line of each module; a variant has a page of its own instead."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            *folders, stem = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(folders if stem == "__init__" else [*folders, stem])
            if name.rpartition(".")[0] != "models.variants":
                yield name, first_line(ast.get_docstring(ast.parse(path.read_text())))


def module_page(name):
    """The docstrings of a module."""
    return f"{name}\n{'=' * len(name)}\n\n.. automodule:: {name}\n"


def modules_index(modules):
    """All modules, by package."""
    parts = ["# Modules"]
    for package in PACKAGES:
        own = [name for name in modules if name.split(".")[0] == package]
        rows = [f"| [{name}]({name}.rst) | {modules[name]} |" for name in own]
        parts += [f"## {package}", "\n".join(["| module | |", "|---|---|", *rows]), toctree(own)]
    return "\n\n".join(parts) + "\n"


def toctree(names):
    """The order of pages in the sidebar."""
    return "\n".join(["```{toctree}", ":hidden:", *names, "```"])


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
