"""`sam build` for AWS, with the interpreter it needs, and the proof that every native library fits the target."""

import os
import struct
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / ".aws-sam/build"
RUNTIME = "python3.13"  # the default of the template's parameter
AARCH64 = 183  # e_machine in an ELF header


class BuildError(Exception):
    """What is missing, and what to do about it."""


def works(python: Path | str) -> bool:
    try:
        asked = [str(python), "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and f"python{answer.stdout.strip()}" == RUNTIME


def folder_of_python() -> Path:
    """Where a working interpreter of exactly the runtime's version lies: SAM takes no other."""
    home = Path.home()
    candidates = [Path(folder) / RUNTIME for folder in os.get_exec_path()]
    candidates += sorted(home.glob(f".pyenv/versions/{RUNTIME.removeprefix('python')}*/bin/{RUNTIME}"), reverse=True)
    candidates += sorted(home.glob(f".local/share/uv/python/*/bin/{RUNTIME}"), reverse=True)
    for candidate in candidates:
        if candidate.is_file() and works(candidate):
            return candidate.parent
    raise BuildError(
        f"The functions run on {RUNTIME}, and a build needs an interpreter of exactly this version with pip.\n"
        f"None works here. Install one (apt-get install {RUNTIME} {RUNTIME}-venv, brew install python@3.13, "
        "uv python install 3.13, pyenv install 3.13), or build in a container with docker: "
        "SAM_CLI_TELEMETRY=0 .venv/bin/sam build --use-container"
    )


def sam_build(python_folder: Path, runtime: str, target: Path) -> None:
    environment = {
        **os.environ,
        "SAM_CLI_TELEMETRY": "0",
        "PATH": os.pathsep.join([str(python_folder), str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    command = [str(Path(sys.executable).parent / "sam"), "build", "--build-dir", str(target), "--parallel"]
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
