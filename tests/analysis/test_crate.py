"""A run as a research object: all of it is in one file, which says what each part is."""

import hashlib
import json
import os
import zipfile

import pytest

from analysis import export
from experiments.run.folder import RunFolder
from tests.analysis import test_report
from tests.analysis.runs import CONFIG

HERE = "/home/someone/mnist"  # a path of one machine
STARTS = [
    {"images_seen": 0, "python": "3.12.1", "packages": {"brian2": "2.10.1"}, "commit": "a" * 40},
    {"images_seen": 60, "python": "3.13.0", "packages": {"brian2": "2.11.0"}, "commit": None},
]


@pytest.fixture
def run(tmp_path):
    """A run that was started twice; it recorded nothing."""
    run = RunFolder(test_report.write(tmp_path / "run").path)
    run.write_json("config.json", CONFIG.flat() | {"data_dir": HERE})
    run.write_json("provenance.json", {"seed": 3, "starts": STARTS})
    for name in ("run.lock", "export/old.nwb", ".config.json.0123456789abcdef.part"):
        (run.path / name).parent.mkdir(exist_ok=True)
        (run.path / name).write_text("not of the run")
    return run


@pytest.fixture
def crate(run, tmp_path):
    """The crate as the library reads it."""
    pytest.importorskip("rocrate")
    from rocrate.rocrate import ROCrate

    assert export.main([str(run.path), "--to", "rocrate"]) == 0
    with zipfile.ZipFile(run.path / "export" / "run.zip") as file:
        file.extractall(tmp_path / "unpacked")
    return ROCrate(str(tmp_path / "unpacked"))


def test_every_file_of_the_run_is_in_the_crate_as_it_is(run, crate, tmp_path):
    left_out = ("run.lock", "export", "ro-crate-metadata.json")
    names = [p.relative_to(run.path) for p in run.path.rglob("*") if p.is_file()]
    names = {str(n) for n in names if n.parts[0] not in left_out and n.name[0] != "."}
    parts = {part.id: part for part in crate.root_dataset["hasPart"]}
    assert {"weights/checkpoint.npz", "config.json", "metrics.csv"} < names == set(parts)
    packed = {
        str(p.relative_to(tmp_path / "unpacked"))
        for p in (tmp_path / "unpacked").rglob("*")
        if p.is_file()
    }
    assert packed == names | {"ro-crate-metadata.json"}
    for name, part in parts.items():
        data = (tmp_path / "unpacked" / name).read_bytes()
        assert data == (run.path / name).read_bytes()
        assert part["sha256"] == hashlib.sha256(data).hexdigest()
        assert part["contentSize"] == str(len(data)) and part["description"]


def test_how_the_run_came_about_is_an_action_for_each_start(crate):
    first, second = crate.root_dataset["mentions"]
    assert first["instrument"]["softwareVersion"] == "a" * 40
    assert second["instrument"].get("softwareVersion") is None
    assert "image 60" in second["name"] and second["endTime"] and not first.get("endTime")
    needs = {
        one["name"]: one["softwareVersion"] for one in second["instrument"]["softwareRequirements"]
    }
    assert needs == {"python": "3.13.0", "brian2": "2.11.0"}
    options = {one["name"]: one["value"] for one in first["object"]}
    assert options["epochs"] == CONFIG.epochs and options["layers"] == "[6, 10]"
    assert {part.id for part in first["result"]} >= {"metrics.csv", "weights/checkpoint.npz"}


def test_what_catalogues_ask_of_a_crate_is_there(crate, tmp_path):
    root = crate.root_dataset
    assert "digits" in root["name"] and "Guerguiev" in root["description"]
    assert root["datePublished"][:2] == "20" and root["license"]["name"] == "not chosen yet"
    text = (tmp_path / "unpacked" / "ro-crate-metadata.json").read_text()
    assert HERE not in text and str(tmp_path) not in text
    about = next(e for e in json.loads(text)["@graph"] if e["@id"] == "ro-crate-metadata.json")
    assert about["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"


def leads_out(path):
    path.symlink_to(path.parents[1])


@pytest.mark.parametrize(
    "name, make, said",
    [
        ("figures", leads_out, "leads out"),
        ("mine.txt", leads_out, "leads out"),
        ("pipe", os.mkfifo, "plain file"),
        ("gone.txt", lambda path: path.symlink_to(path.with_name("nowhere")), "nowhere"),
    ],
)
def test_what_is_no_file_of_the_folder_is_refused(name, make, said, run, capsys):
    make(run.path / name)
    assert export.main([str(run.path), "--to", "rocrate"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not (run.path / "export" / "run.zip").exists()


def test_a_crate_is_of_a_whole_run(run, capsys):
    assert export.main([f"{run.path}@1", "--to", "rocrate"]) == 2
    assert "without @1" in capsys.readouterr().err


def test_names_of_a_stranger_are_only_shown(run):
    pytest.importorskip("rocrate")
    strange = '"}, <b> \n x'
    found = json.loads((run.path / "config.json").read_text()) | {strange: [{}], "seed": strange}
    (run.path / "config.json").write_text(json.dumps(found))
    starts = [{"python": 3, "packages": {strange: "../.."}, "commit": [1]}]
    run.write_json("provenance.json", {"starts": starts})
    assert export.main([str(run.path), "--to", "rocrate"]) == 0
    with zipfile.ZipFile(run.path / "export" / "run.zip") as file:
        told = json.loads(file.read("ro-crate-metadata.json"))["@graph"]
    assert all("\n" not in one["@id"] and " " not in one["@id"] for one in told)
