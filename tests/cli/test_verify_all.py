"""``verify --all``: the shipped programs on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from rasp_lang import library_check
from rasp_lang.library_check import Problem, Report
from rasp_lang.library_figures import Figures
from rasp_lang.library_files import shipped_programs

FIGURES = Figures(1, (2,), 5, 77, 1234, True, ("whole",))


@pytest.fixture
def reported(monkeypatch):
    """Puts reports in the place of the work of the processes; gives what was asked for."""
    asked = {}

    def put(*reports):
        def check_library(programs, extent, jobs, backend):
            asked.update(
                names=[p.name for p in programs], extent=extent, jobs=jobs, backend=backend
            )
            yield from reports

        monkeypatch.setattr(library_check, "check_library", check_library)
        return asked

    return put


def test_programs_are_checked_by_processes(raspc):
    done = raspc("verify", "--all", "reverse", "caesar", "--jobs", "2", "--backend", "numpy",
                 "--json")  # fmt: skip
    assert done.status == 0
    result = done.document["result"]
    assert result["ok"] is True
    [caesar, reverse] = result["programs"]
    assert (caesar["name"], caesar["verdict"], caesar["figures"]["layers"]) == (
        "caesar", "equal", 0)  # fmt: skip
    assert (reverse["figures"]["checked"], reverse["skipped"]) == (363, 0)
    assert reverse["problems"] == []


def test_the_summary_is_a_table(raspc, reported):
    reported(
        Report("sort", "sorting", figures=FIGURES, seconds=1.5),
        Report("reverse", "movement", figures=FIGURES, skipped=3, seconds=0.25),
    )
    done = raspc("verify", "--all", "sort", "reverse")
    assert (done.status, done.err) == (0, "")
    heading, _, *rows, blank, summary = done.out.splitlines()
    assert heading.split() == ["program", "layers", "heads", "d_model", "parameters", "inputs",
                               "skipped", "seconds", "verdict"]  # fmt: skip
    assert [row.split() for row in rows] == [
        ["reverse", "1", "2", "5", "77", "1,234", "3", "0.25", "equal"],
        ["sort", "1", "2", "5", "77", "1,234", "0", "1.50", "equal"],
    ]
    assert blank == ""
    assert summary == (
        "2 programs, 2,468 inputs: interpreter, craft program and transformer are equal"
    )


def test_files_that_are_only_loaded_are_counted_apart(raspc, reported):
    reported(
        Report("reverse", "movement", figures=FIGURES),
        Report("places", "library", library=True),
        Report("runs", "library", library=True),
    )
    summary = raspc("verify", "--all", "reverse", "places", "runs").out.splitlines()[-1]
    assert summary.startswith("1 program and 2 library files, 1,234 inputs: ")


def test_a_failure_is_told_and_gives_status_1(raspc, reported):
    problems = tuple(Problem("expectation", f"number {k}") for k in range(7))
    reported(Report("sort", "sorting", problems=problems, seconds=0.1))
    done = raspc("verify", "--all", "sort")
    assert done.status == 1
    assert done.out.splitlines()[2].split() == ["sort", "0.10", "expectation"]
    assert "sort: expectation: number 4\nsort: and 2 more\n1 of 1 program failed\n" in done.out
    assert "number 5" not in done.out
    document = raspc("verify", "--all", "sort", "--json").document
    assert document["result"]["ok"] is False
    assert len(document["result"]["programs"][0]["problems"]) == 7


def test_what_is_asked_for_is_done(raspc, reported):
    asked = reported()
    raspc("verify", "--all", "sort", "--chapter", "core", "--bound", "7", "--samples", "8",
          "--seed", "9", "--jobs", "3", "--backend", "numpy")  # fmt: skip
    core = [program.name for program in shipped_programs() if program.chapter == "core"]
    assert asked["names"] == [*core, "sort"]
    assert asked["extent"] == library_check.Extent(7, 8, 9)
    assert (asked["jobs"], asked["backend"]) == (3, "numpy")
    raspc("verify", "--all")
    assert asked["names"] == [program.name for program in shipped_programs()]
    assert asked["extent"] == library_check.Extent()
    assert (asked["jobs"], asked["backend"]) == (os.cpu_count(), "jax")


def test_unknown_programs_and_chapters_are_told_at_once(raspc):
    run = raspc("verify", "--all", "revers", "--chapter", "nothing", "--json")
    assert (run.status, run.codes) == (1, ["RASP0015", "RASP0015"])


@pytest.mark.parametrize(
    "arguments",
    [("--all", "--vocab", "1,2"), ("--all", "--exhaustive"), ("--all", "--opt", "2"), (),
     ("reverse", "sort"), ("reverse", "--jobs", "2"), ("reverse", "--chapter", "core"),
     ("reverse", "--bound", "2"), ("--all", "--jobs", "0")],
)  # fmt: skip
def test_what_does_not_go_together_is_rejected(raspc, arguments):
    assert raspc("verify", *arguments).status == 2


def processes_of(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_is_quiet_and_leaves_no_process(tmp_path):
    command = [sys.executable, "-m", "raspc", "verify", "--all", "--jobs", "2"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        time.sleep(2)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, out, err) == (130, b"", b"")
        deadline = time.monotonic() + 10
        while processes_of(running.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not processes_of(running.pid)
    finally:
        if processes_of(running.pid):
            os.killpg(running.pid, signal.SIGKILL)
