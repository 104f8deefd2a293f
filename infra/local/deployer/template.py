"""Reads a SAM template with its short tags, and replaces local folders and files by what was uploaded of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from infra.local.deployer.archive import archive

Template = dict[str, Any]
Upload = Callable[[bytes, str], str]  # content, suffix -> s3://…


class _Loader(yaml.SafeLoader):
    """Knows `!Ref`, `!GetAtt`, `!Sub` and their siblings, and leaves dates as they are written."""


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the one kind left
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


def _as_text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_multi_constructor("!", _short_tag)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def load(file: Path) -> Template:
    template: Template = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    return template


def packaged(file: Path, upload: Upload, url_of: Callable[[str], str]) -> Template:
    """The template in `file` with every local path uploaded, nested templates included."""
    template = load(file)
    for resource in template.get("Resources", {}).values():
        properties = resource.get("Properties") or {}
        packager = _PACKAGERS.get(resource["Type"])
        if packager:
            packager(properties, file.parent, upload, url_of)
    return template


def _local(properties: dict[str, Any], key: str, folder: Path) -> Path | None:
    value = properties.get(key)
    if not isinstance(value, str) or value.startswith(("s3://", "https://", "http://")):
        return None
    return (folder / value).resolve()


def _function(properties: dict[str, Any], folder: Path, upload: Upload, url_of: Callable[[str], str]) -> None:
    if path := _local(properties, "CodeUri", folder):
        properties["CodeUri"] = upload(archive(path), ".zip")


def _layer(properties: dict[str, Any], folder: Path, upload: Upload, url_of: Callable[[str], str]) -> None:
    if path := _local(properties, "ContentUri", folder):
        properties["ContentUri"] = upload(archive(path, "python"), ".zip")


def _state_machine(properties: dict[str, Any], folder: Path, upload: Upload, url_of: Callable[[str], str]) -> None:
    if path := _local(properties, "DefinitionUri", folder):
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))
        properties["DefinitionUri"] = upload(json.dumps(definition).encode(), ".json")


def _application(properties: dict[str, Any], folder: Path, upload: Upload, url_of: Callable[[str], str]) -> None:
    if path := _local(properties, "Location", folder):
        child = packaged(path, upload, url_of)
        properties["Location"] = url_of(upload(json.dumps(child).encode(), ".template"))


_PACKAGERS = {
    "AWS::Serverless::Function": _function,
    "AWS::Serverless::LayerVersion": _layer,
    "AWS::Serverless::StateMachine": _state_machine,
    "AWS::Serverless::Application": _application,
}
