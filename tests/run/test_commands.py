"""How a command ends: its exit status, and one line of why."""

import numpy as np
import pytest

from experiments.run import command as shared


@pytest.fixture
def ends(capsys):
    """How an action ends that raises an error: status, and its one line."""

    def run(error):
        def action(_):
            raise error

        status = shared.guarded("a.command", action, None)
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return status, err

    return run


def test_too_little_memory_is_one_line(ends):
    status, line = ends(MemoryError("Unable to allocate 9 TiB"))
    assert status == 2 and "not enough memory: Unable to allocate 9 TiB" in line


def test_a_network_that_is_too_large_is_refused_in_one_line(command, tmp_path):
    ended = command("--layers", 10**12, 10, "--out", tmp_path / "run", "--device", "runtime")
    assert ended.status == 2 and "not enough memory" in ended.lines[-1], ended.err
    assert "Traceback" not in ended.err


def test_an_error_of_another_package_says_where_it_is_from(ends, capsys):
    assert ends(ValueError("--seed: none"))[1] == "a.command: --seed: none\n"
    status = shared.guarded("a.command", lambda _: np.linalg.inv(np.ones((2, 3))), None)
    said = capsys.readouterr().err
    assert status == 2 and "(LinAlgError, linalg/" in said and ", line " in said


def test_a_fault_of_ours_leaves_its_traceback(ends):
    with pytest.raises(KeyError):
        ends(KeyError("W_0"))
