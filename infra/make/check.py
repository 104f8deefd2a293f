"""Everything `make check` looks at, one line each; what failed is shown in full at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from infra.make import console
from infra.make.build import PROJECT, RUNTIME, TOOLS, BuildError, folder_of_python, sam_build

ENVIRONMENT = {
    **os.environ,
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "us-east-1",
    "PATH": f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}",
}


def tool(name: str, *arguments: str) -> Callable[[], str]:
    """A check that is a command of the environment; it answers what went wrong, or nothing."""

    def check() -> str:
        command = [str(TOOLS / name), *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else f"{done.stdout}\n{done.stderr}".strip()

    return check


def console_types() -> str:
    console.install()
    compiler = console.WEB / "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        [str(console.NODE), str(compiler), "--noEmit"], cwd=console.WEB, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def build() -> str:
    """With the interpreter at hand: the runtime's own if there is one, else the one that runs this."""
    own = f"python3.{sys.version_info.minor}"
    try:
        folder, runtime = folder_of_python(), RUNTIME
    except BuildError:
        folder, runtime = TOOLS, own
    try:
        sam_build(folder, runtime, PROJECT / ".aws-sam/check")
    except BuildError as error:
        return str(error)
    return ""


def checks() -> dict[str, Callable[[], str]]:
    nested = sorted(str(file.relative_to(PROJECT)) for file in (PROJECT / "infra").glob("*.yaml"))
    return {
        "ruff check": tool("ruff", "check", "--no-cache", "."),
        "ruff format": tool("ruff", "format", "--check", "--no-cache", "."),
        "mypy": tool("mypy"),
        "import-linter": tool("lint-imports", "--no-cache"),
        "cfn-lint": tool("cfn-lint", "template.yaml", *nested),
        "sam validate": tool("sam", "validate", "--lint"),
        "tsc": console_types,
        "sam build": build,
    }


def main() -> None:
    failed: dict[str, str] = {}
    for name, check in checks().items():
        begun = time.monotonic()
        wrong = check()
        print(f"  {'failed' if wrong else 'ok':<8}{name:<16}{time.monotonic() - begun:5.1f} s", flush=True)
        if wrong:
            failed[name] = wrong
    for name, wrong in failed.items():
        print(f"\n---- {name}\n{wrong}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
