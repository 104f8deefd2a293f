"""`sam build` for AWS, with the interpreter it needs, and the proof that every native library fits the target."""

import os
import struct
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / ".aws-sam/build"
TOOLS = Path(sys.executable).parent
RUNTIME = "python3.13"  # the default of the template's parameter
AARCH64 = 183  # e_machine in an ELF header

# Lambda's python3.11 still runs on Amazon Linux 2, for which DuckDB publishes no wheel, so this product does not deploy
# on it. Where only 3.11 is at hand, the build is done as if it did, to prove everything else about it.
SAM = """
from aws_lambda_builders.workflows.python_pip.packager import DependencyBuilder
DependencyBuilder._RUNTIME_GLIBC["cp311"] = DependencyBuilder._RUNTIME_GLIBC["cp313"]
from samcli.cli.main import cli
cli(prog_name="sam")
"""


class BuildError(Exception):
    """What is missing, and what to do about it."""


def works(python: Path, runtime: str) -> bool:
    """A pyenv shim of a version that is not installed exists and fails, so each candidate is asked."""
    try:
        asked = [str(python), "-c", "import pip, sys; print('python%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == runtime


def folder_of_python(runtime: str = RUNTIME) -> Path:
    """Where a working interpreter of exactly the runtime's version lies: SAM takes no other."""
    version = runtime.removeprefix("python")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [Path(folder) / runtime for folder in os.get_exec_path()]
    candidates += sorted(pyenv.glob(f"versions/{version}*/bin/{runtime}"), reverse=True)
    candidates += sorted(Path.home().glob(f".local/share/uv/python/*/bin/{runtime}"), reverse=True)
    for candidate in candidates:
        if candidate.is_file() and works(candidate, runtime):
            return candidate.parent
    raise BuildError(
        f"The functions run on {runtime}, and a build needs an interpreter of exactly this version with pip.\n"
        f"None works here. Install one (apt-get install {runtime} {runtime}-venv, brew install python@{version}, "
        f"uv python install {version}, pyenv install {version}), or build in a container with docker:\n"
        "SAM_CLI_TELEMETRY=0 .venv/bin/sam build --use-container"
    )


def sam_build(python_folder: Path, runtime: str, target: Path) -> None:
    environment = {
        **os.environ,
        "SAM_CLI_TELEMETRY": "0",
        "PATH": os.pathsep.join([str(python_folder), str(TOOLS), os.environ.get("PATH", "")]),
    }
    command = [sys.executable, "-c", SAM, "build", "--build-dir", str(target), "--parallel"]
    command += ["--parameter-overrides", f"PythonRuntime={runtime}"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{done.stdout}\n{done.stderr}".strip())
    if foreign := foreign_libraries(target):
        raise BuildError("not built for arm64:\n" + "\n".join(f"  {file.relative_to(target)}" for file in foreign))


def foreign_libraries(folder: Path) -> list[Path]:
    """Shared libraries that are not for 64-bit ARM; they would fail at import, on AWS and nowhere else."""
    return [file for file in sorted(folder.rglob("*.so*")) if file.is_file() and machine(file) not in (None, AARCH64)]


def machine(file: Path) -> int | None:
    with file.open("rb") as binary:
        head = binary.read(20)
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return None
    return int(struct.unpack("<H", head[18:20])[0])


def main() -> None:
    try:
        sam_build(folder_of_python(), RUNTIME, BUILD)
    except BuildError as error:
        sys.exit(str(error))
    print(f"built into {BUILD.relative_to(PROJECT)}; `make deploy` sends it to your account")


if __name__ == "__main__":
    main()
