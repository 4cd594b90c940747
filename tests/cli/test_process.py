"""The command line as a process of its own: start-up, signals, pipes, broken streams."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """\
# vocab: 1,2,3
# max-len: 5
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
"""
RASPC = [sys.executable, "-m", "raspc"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "r.rasp").write_text(PROGRAM)
    return tmp_path


def run(folder: Path, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RASPC, *arguments],
        cwd=folder,
        check=False,
        timeout=60,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


@pytest.mark.parametrize(
    "arguments",
    [("check", "r.rasp", "-W", "RASP0151"), ("eval", "r.rasp", "1,2"), ("explain", "RASP0201")],
)
def test_a_command_without_tables_loads_no_rich(folder, arguments):
    code = (
        f"import sys; sys.argv = {['raspc', *arguments]!r}\n"
        "from raspc.main import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, sorted({'rich', 'prompt_toolkit', 'pygments'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_reader_that_goes_away_is_no_error(folder):
    text = "".join(f"a{i} = indices;\n" for i in range(3000))
    process = subprocess.Popen(
        [*RASPC, "run"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(timeout=60)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_full_disk_is_a_diagnostic(folder, extra):
    with open("/dev/full", "w") as full:
        done = run(folder, "eval", "r.rasp", "1,2", *extra, stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("error[RASP0003]: cannot write to standard output")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["compile", "--help"], ["--version"]])
def test_a_full_disk_is_a_diagnostic_for_help_too(folder, arguments):
    with open("/dev/full", "w") as full:
        done = run(folder, *arguments, stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith("error[RASP0003]: cannot write to standard output")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", ["check r.rasp --json", "inspect r.npz", "--help"])
def test_a_closed_standard_output_is_no_defect(folder, arguments):
    run(folder, "compile", "r.rasp")
    command = f"{sys.executable} -m raspc {arguments} >&-"
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs /dev/fd")
def test_a_program_may_come_from_a_named_pipe(folder):
    done = run(folder, "eval", "/dev/stdin", "1,2,3", input=PROGRAM)
    assert (done.returncode, done.stdout) == (0, "[3, 2, 1]\n")


def test_a_closed_standard_input_is_a_diagnostic(folder):
    command = f"{sys.executable} -m raspc eval - abc <&-"
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error[RASP0002]: standard input is closed")


def test_bytes_that_are_no_text_survive_as_arguments(folder):
    done = run(folder, "check", os.fsdecode(b"no\xffsuch"))
    assert done.returncode == 1
    assert "RASP0001" in done.stderr


def test_ctrl_c_during_work_is_quiet(folder):
    (folder / "slow.rasp").write_text("".join(f"a{i} = indices;\n" for i in range(200_000)))
    process = subprocess.Popen(
        [*RASPC, "check", "slow.rasp"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_json_is_legal_where_the_terminal_knows_ascii_only(folder):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run(folder, "eval", "r.rasp", "é😀", "--json", env=environment)
    assert '"values": ["\\ud83d\\ude00", "\\u00e9"]' in done.stdout


class Terminal:
    """The REPL on a terminal that knows lines only; ``seen`` is what stands there."""

    def __init__(self, folder: Path) -> None:
        self._child, self._terminal = pty.fork()
        if self._child == 0:
            os.chdir(folder)
            os.environ["TERM"] = "dumb"
            os.execv(sys.executable, [*RASPC, "run"])
        self.seen = ""
        self.wait_for(">> ")

    def wait_for(self, end: str) -> None:
        """Read until a text comes, or the other side is gone; fail if neither happens."""
        new = ""
        while end not in new:
            if not select.select([self._terminal], [], [], 30)[0]:
                raise TimeoutError(self.seen + new)
            try:
                part = os.read(self._terminal, 4096)
            except OSError:
                break
            if not part:
                break
            new += part.decode().replace("\r", "")
        self.seen += new

    def type(self, keys: str, then: str = ">> ") -> None:
        # The interpreter shows its prompt a moment before it can be interrupted.
        time.sleep(0.1)
        os.write(self._terminal, keys.encode())
        self.wait_for(then)

    def leave(self) -> int:
        """The exit status."""
        self.wait_for("nothing more")
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])


def test_a_terminal_is_greeted_prompted_and_left_by_exit(folder):
    terminal = Terminal(folder)
    terminal.type("3 + 4;\n")
    terminal.type("x = tokns;\n")
    terminal.type("exit\n")
    assert terminal.leave() == 0
    greeting = "RASP 0.1\nrunning example is: hello\n"
    assert terminal.seen.startswith(f"{greeting}>> 3 + 4;\n    value: out =  7\n>> ")
    assert "error[RASP0201]" in terminal.seen
    assert terminal.seen.endswith(">> exit\n")


def test_continuation_lines_are_indented_and_two_empty_ones_give_up(folder):
    terminal = Terminal(folder)
    terminal.type("def f(x) {\n", then="..   ")
    terminal.type("return x; }\n")
    terminal.type("y =\n", then=".. ")
    terminal.type("\n", then=".. ")
    terminal.type("\n")
    terminal.type("f(1);\n")
    terminal.type("\x04")
    assert terminal.leave() == 0
    assert ">> def f(x) {\n..   return x; }\n     console function: f(x)\n" in terminal.seen
    assert "error[RASP0105]" in terminal.seen
    assert terminal.seen.endswith(">> f(1);\n    value: out =  1\n>> \n")


def test_ctrl_c_ends_an_attempt_and_not_the_conversation(folder):
    terminal = Terminal(folder)
    terminal.type("y = (1 +\n", then=".. ")
    terminal.type("\x03")
    terminal.type("2;\n")
    terminal.type("quit\n")
    assert terminal.leave() == 0
    assert "error[RASP0105]" in terminal.seen
    assert "    value: out =  2\n" in terminal.seen
