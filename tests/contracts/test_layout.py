"""Where things stand, and who may import whom."""

import importlib.util
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from tests.contracts.stack_template import PROJECT, functions

FOLDERS = sorted(p for p in (PROJECT / "functions").iterdir() if p.is_dir())
MAX_FUNCTION_LINES = 150


def distribution(requirement: str) -> str:
    """The name of a distribution in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[=\[ ]", requirement)[0]).lower()


def modules_of(required: set[str]) -> set[str]:
    """The top-level modules that these distributions bring."""
    return {m for m, ds in packages_distributions().items() if {distribution(d) for d in ds} & required}


def layers_of(folder: str) -> list[str]:
    """The requirements files of the layers that the template gives to this function."""
    uri = f"functions/{folder}" + ("/app" if folder == "console" else "")
    function = next(f for f in functions().values() if f["Properties"]["CodeUri"] == uri)
    layers = [layer["Ref"] for layer in function["Properties"].get("Layers", ())]
    files = {
        "DependenciesLayer": "layers/dependencies",
        "LakeLayer": "layers/lake",
        "DocumentsLayer": "layers/documents",
    }
    return [files[name] for name in layers if name in files]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_function_is_one_file(folder: Path) -> None:
    if folder.name == "console":  # the React source stands beside the function that serves it
        assert (folder / "app" / "app.py").is_file()
        return
    assert [p.name for p in folder.iterdir() if p.name != "__pycache__"] == ["app.py"]
    assert len((folder / "app.py").read_text(encoding="utf-8").splitlines()) <= MAX_FUNCTION_LINES


def test_every_function_stands_in_the_template_under_its_own_name() -> None:
    folders = {f["Properties"]["CodeUri"].split("/")[1]: name for name, f in functions().items()}
    assert set(folders) == {p.name for p in FOLDERS}
    for folder, name in folders.items():
        assert name == "".join(part.capitalize() for part in folder.split("_")) + "Function"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_functions_import_entry_services_and_domain_only(folder: Path) -> None:
    if folder.name == "console":
        return
    source = (folder / "app.py").read_text(encoding="utf-8")
    imported = re.findall(r"^\s*(?:from|import) ([\w.]+)", source, re.MULTILINE)
    allowed = ("gotero.entry", "gotero.services", "gotero.domain", "gotero.ports", "aws_lambda_powertools", "pydantic")
    foreign = [m for m in imported if m.split(".")[0] not in sys.stdlib_module_names and not m.startswith(allowed)]
    assert foreign == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_function_imports_with_only_its_layers_on_the_path(folder: Path) -> None:
    """In a new interpreter, in which every package outside its layers is refused."""
    required = {
        distribution(line)
        for layer in layers_of(folder.name)
        for line in (PROJECT / layer / "requirements.txt").read_text(encoding="utf-8").splitlines()
    }
    modules = sorted(modules_of(required))
    script = (
        "import json, sys\n"
        "allowed, where = json.loads(sys.argv[1]), sys.argv[2]\n"
        "class Layers:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        top = name.partition('.')[0]\n"
        "        if top not in sys.stdlib_module_names and top not in allowed and top[:15] != '_sysconfigdata_':\n"
        "            raise ImportError(f'{name} is in no layer of this function', name=name)\n"
        "sys.meta_path.insert(0, Layers())\n"
        "import app\n"
        "assert callable(app.handler)\n"
    )
    place = folder / "app" if folder.name == "console" else folder
    ran = subprocess.run(
        [sys.executable, "-c", script, json.dumps([*modules, "gotero", "app"]), str(place)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{place}:{PROJECT / 'layers/shared'}", "PATH": "", "AWS_DEFAULT_REGION": "eu-west-1"},
    )
    assert ran.returncode == 0, ran.stderr[-800:]


def test_what_is_imported_late_is_in_the_layers_too() -> None:
    """Wiring imports adapters when they are built: whatever the package imports anywhere must be in some layer."""
    required = {
        distribution(line)
        for layer in ("layers/dependencies", "layers/lake", "layers/documents")
        for line in (PROJECT / layer / "requirements.txt").read_text(encoding="utf-8").splitlines()
    }
    shipped = modules_of(required)
    sources = (PROJECT / "layers/shared/gotero").rglob("*.py")
    imported = {
        m.split(".")[0]
        for source in sources
        for m in re.findall(r"^ *(?:from|import) ([a-zA-Z_][\w.]*)", source.read_text(encoding="utf-8"), re.MULTILINE)
    }
    types_only = {m for m in imported if m.startswith(("types_", "mypy_"))}
    candidates = {m for m in imported - types_only if importlib.util.find_spec(m) is not None}
    assert candidates - set(sys.stdlib_module_names) - shipped == {"gotero"}


def test_the_layers_hold_what_the_lock_says() -> None:
    lock = (PROJECT / "infra/requirements/run.txt").read_text(encoding="utf-8").splitlines()
    for layer in ("layers/dependencies", "layers/lake", "layers/documents"):
        lines = (PROJECT / layer / "requirements.txt").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line not in lock] == []


def test_the_locks_agree() -> None:
    run, dev = (
        dict(line.split("==") for line in (PROJECT / f"infra/requirements/{n}.txt").read_text().splitlines())
        for n in ("run", "dev")
    )
    assert {name: v for name, v in run.items() if dev.get(name) != v} == {}


def test_the_readme_shows_every_function() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    diagram = readme.split("```mermaid")[1].split("```")[0]
    assert [p.name for p in FOLDERS if f"functions/{p.name}" not in diagram] == []


def test_links_of_the_readme_lead_somewhere() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    local = [t for t in re.findall(r"\]\(([^)#]+)\)", readme) if not t.startswith("http")]
    assert local
    assert [target for target in local if not (PROJECT / target).exists()] == []


def test_every_decision_has_a_number_of_its_own() -> None:
    files = sorted((PROJECT / "docs/adr").iterdir())
    numbers = [re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", file.name)[1] for file in files]  # type: ignore[index]  # None fails
    assert [file.name for file in files if numbers.count(file.name[:4]) > 1] == [], "take the next free number"
    titles = [file.read_text(encoding="utf-8").split("\n", 1)[0] for file in files]
    assert [t for t, n in zip(titles, numbers, strict=True) if not t.startswith(f"# {int(n)}. ")] == []


def test_ci_runs_what_the_readme_says() -> None:
    script = (PROJECT / ".ci/run").read_text(encoding="utf-8")
    assert script.index("make test") < script.index("make check")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def test_no_word_of_the_machine_it_was_written_on() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    # Split, so that this file is not found itself.
    words = ("/wo|rk/", "/ro|ot/", "pyp|i.org", "python|hosted", "npm|js.org")
    suspicious = re.compile("|".join(re.escape(word.replace("|", "")) for word in words))
    found = []
    for name in tracked.splitlines():
        path = PROJECT / name
        if path.suffix in (".png", ".ico", ".woff2") or not path.is_file():
            continue
        if suspicious.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert found == []


def test_yaml_files_are_yaml() -> None:
    for file in (PROJECT / "infra/statemachines").glob("*.yaml"):
        assert yaml.safe_load(file.read_text(encoding="utf-8"))["StartAt"]
