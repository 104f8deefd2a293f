"""The recipes behind the Makefile."""

import re
import struct
import subprocess
from pathlib import Path

import pytest

from infra.make import build, console, test

ROOT = Path(__file__).resolve().parents[2]


def elf(machine: int) -> bytes:
    return b"\x7fELF" + bytes(14) + struct.pack("<H", machine) + bytes(40)


def test_a_library_for_another_processor_is_found(tmp_path: Path) -> None:
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer/good.cpython-313-aarch64-linux-gnu.so").write_bytes(elf(build.AARCH64))
    (tmp_path / "layer/bad.so.1").write_bytes(elf(62))  # x86-64
    (tmp_path / "layer/script.so").write_bytes(b"GROUP ( libc.so.6 )")
    assert [file.name for file in build.foreign_libraries(tmp_path)] == ["bad.so.1"]


def test_an_interpreter_that_is_there_but_does_not_work_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(build.BuildError, match=r"apt-get install python3\.99"):
        build.folder_of_python("python3.99")


def test_the_console_is_built_again_only_when_a_source_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "WEB", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "src/main.tsx").write_text("1")
    first = console.digest(console.sources())
    (tmp_path / "node_modules/x.js").write_text("2")
    assert console.digest(console.sources()) == first
    (tmp_path / "src/main.tsx").write_text("3")
    assert console.digest(console.sources()) != first


def test_without_a_python_the_environment_says_what_to_install(tmp_path: Path) -> None:
    script = ROOT / "infra/make/venv.sh"
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n")
    done = subprocess.run(
        [str(script), "", str(tmp_path / "venv"), str(lock), str(tmp_path / "stamp")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_ci_runs_the_two_commands_and_nothing_else() -> None:
    commands = [line.split(" <")[0] for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("make")]
    assert commands == ["make test", "make check"]


def test_help_lists_every_command() -> None:
    text = (ROOT / "Makefile").read_text()
    listed = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    assert phony - listed == {"chromium"}  # a step of `make test`
    promised = "demo test up down token clock build deploy check help admin bench simulate"
    assert set(promised.split()) <= listed


def test_a_lock_of_the_demo_is_part_of_the_lock_of_the_tests() -> None:
    locks = ROOT / "infra/requirements"
    run, dev = (set((locks / name).read_text().split()) for name in ("run.txt", "dev.txt"))
    assert run <= dev


def test_every_test_is_in_one_lane() -> None:
    lanes = [set(_collected(test.arguments_of(lane))) for lane in test.LANES]
    every = set(_collected(["tests"]))
    assert set().union(*lanes) == every
    assert sum(map(len, lanes)) == len(every)


def _collected(arguments: list[str]) -> list[str]:
    """The files that pytest would look for tests in."""
    ignored = [Path(a.removeprefix("--ignore=")) for a in arguments if a.startswith("--ignore=")]
    places = [Path(a) for a in arguments if not a.startswith("--")]
    files = [f for p in places for f in ([ROOT / p] if p.suffix else (ROOT / p).rglob("test_*.py"))]
    return [str(f) for f in files if not any(f.is_relative_to(ROOT / folder) for folder in ignored)]


def test_a_lane_that_fails_fails_all_and_each_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"well": "==== 3 passed in 1.20s ====", "badly": "== 1 failed, 2 passed in 61.00s (0:01:01) =="}

    def run(lane: str) -> test.Ended:
        return test.Ended(lane, -9 if lane == "badly" else 0, 2.4, said[lane])

    monkeypatch.setattr(test, "run", run)
    assert test.run_all(["well", "badly"]) == -9
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "well        3 passed, 2 s",
        "badly       FAILED: 1 failed, 2 passed, 2 s",
    ]
