"""`make bench`: every benchmark, or the one named; each prints a table and, as its last line, its figures as JSON."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = ("form_answer", "imports", "lake", "rendering", "segments", "sending")


def main() -> int:
    chosen = sys.argv[1:] or NAMES
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        print(f"no benchmark is called {unknown[0]}: {', '.join(NAMES)}")
        return 2
    failed = 0
    for name in chosen:
        print(f"── {name}", flush=True)
        # A process each: what one has imported or cached must not help the next.
        failed |= subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
