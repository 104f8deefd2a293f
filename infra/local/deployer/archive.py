"""Zips of a folder that depend on its content alone, so that an unchanged folder is an unchanged deployment."""

import io
import zipfile
from pathlib import Path

SKIPPED = {"__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
SOURCES_OF_BUILDS = {"web"}  # functions/console/web is built into app/static, which is what goes up
FIXED_DATE = (2020, 1, 1, 0, 0, 0)


def archive(folder: Path, prefix: str = "") -> bytes:
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} does not exist")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for file in sorted(folder.rglob("*")):
            relative = file.relative_to(folder)
            if not file.is_file() or SKIPPED & set(relative.parts) or relative.parts[0] in SOURCES_OF_BUILDS:
                continue
            entry = zipfile.ZipInfo(str(Path(prefix) / relative), FIXED_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, file.read_bytes())
        if not target.namelist():
            target.writestr(zipfile.ZipInfo("empty", FIXED_DATE), "")  # Lambda refuses a zip without a file
    return out.getvalue()
