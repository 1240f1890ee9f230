"""Write ``codemeta.json``, by which catalogues of software know this one.

    make codemeta

It says what ``setup.cfg`` and ``CITATION.cff`` say, in the words of CodeMeta 3.0
(https://w3id.org/codemeta/3.0). A test holds that it is up to date.
"""

import json
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from setuptools.config.setupcfg import read_configuration

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = "Operating System :: "


def codemeta():
    """The text of ``codemeta.json``."""
    read = read_configuration(ROOT / "setup.cfg")
    about, options = read["metadata"], read["options"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    systems = [c.rpartition(" :: ")[2] for c in about["classifiers"] if c.startswith(SYSTEM)]
    found = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": cited["title"],
        "identifier": about["name"],
        "description": about["description"],
        "version": about["version"],
        "datePublished": str(cited["date-released"]),
        "author": [agent(author) for author in cited["authors"]],
        "license": f"https://spdx.org/licenses/{about['license']}",
        "keywords": about["keywords"],
        "programmingLanguage": ["Python", "C++"],
        "runtimePlatform": f"Python {options['python_requires']}",
        "operatingSystem": systems,
        "softwareRequirements": packages(options["install_requires"]),
        "softwareSuggestions": packages(options["extras_require"]["export"]),
        "readme": "README.md",
        "softwareHelp": {"@type": "WebPage", "name": "docs/index.md"},
        "referencePublication": [article(one) for one in cited["references"]],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def agent(author):
    """A person, or a group that has only a name."""
    if "name" in author:
        return {"@type": "Organization", "name": author["name"]}
    names = {"givenName": author["given-names"], "familyName": author["family-names"]}
    return {"@type": "Person", **names}


def packages(lines):
    """Python packages, with the versions asked for."""
    wanted = [Requirement(line) for line in lines]
    return [
        {
            "@type": "SoftwareApplication",
            "name": one.name,
            "version": str(one.specifier),
            "runtimePlatform": "Python",
        }
        for one in wanted
    ]


def article(one):
    """A paper that the software is about."""
    found = {"@type": "ScholarlyArticle", "name": one["title"], "datePublished": str(one["year"])}
    found["author"] = [agent(author) for author in one["authors"]]
    return found | {"@id": f"https://doi.org/{one['doi']}"}


if __name__ == "__main__":
    (ROOT / "codemeta.json").write_text(codemeta(), encoding="utf-8")
