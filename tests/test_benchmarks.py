"""How benchmarks end that cannot do their work."""

import pytest

from benchmarks import agreement, speed


@pytest.fixture
def bench(tmp_path, monkeypatch, capsys):
    """The command of agreement, with a bound's source and data: its status and its one line."""
    (tmp_path / "limit.cpp").write_text("int main() { return 3; }\n")
    (tmp_path / "data").mkdir()
    for name in speed.datasets.FILES.values():
        (tmp_path / "data" / name).write_bytes(b"raw")
    monkeypatch.setattr(agreement, "OUT", tmp_path / "out")

    def run(**given):
        words = {"limit": "limit.cpp", "data-dir": "data", "runs": "runs"} | given
        options = [w for k, v in words.items() for w in (f"--{k}", str(tmp_path / v))]
        status = agreement.main(options)
        said = capsys.readouterr().err
        assert said.count("\n") == 1, said
        return status, said

    return run


def fake_compiler(folder, program):
    """A compiler whose programs are a shell script."""
    path = folder / "fake-c++"
    path.write_text(
        '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n'
        f'printf \'#!/bin/sh\\n{program}\\n\' > "$2" && chmod +x "$2"\n'
    )
    path.chmod(0o755)
    return path


def test_a_benchmark_without_what_it_needs_ends_in_one_line(bench, tmp_path, monkeypatch):
    assert bench(limit="nothing.cpp") == (
        2,
        f"benchmarks.agreement: --limit: no file {tmp_path}/nothing.cpp\n",
    )
    status, line = bench(**{"data-dir": "nowhere"})
    assert status == 2 and "--data-dir: no folder" in line
    monkeypatch.setenv("CXX", "c++-of-tomorrow")
    status, line = bench()
    assert status == 2 and "$CXX is 'c++-of-tomorrow'" in line


def test_a_bound_that_fails_is_said_to_in_one_line(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement, "ours", lambda *_: [1.0])
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "echo no luck >&2; exit 3")))
    status, line = bench()
    assert status == 2 and "limit failed with status 3: no luck" in line
    assert not list((tmp_path / "runs").glob("*.txt"))


def test_ctrl_c_ends_a_benchmark_with_130(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(agreement.train, "main", lambda words: 130)
    monkeypatch.setenv("CXX", str(fake_compiler(tmp_path, "exit 0")))
    status, line = bench()
    assert status == 130 and line.startswith("stopped;")
