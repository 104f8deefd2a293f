"""An import from the upload to the file of refused rows: announced, looked at, rehearsed, started."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from gotero.domain import modules
from gotero.domain.catalogue import Language
from gotero.domain.errors import ConflictError, FieldError, InvalidError, NotAllowedError, NotFoundError
from gotero.domain.exchange import formula, presets, rows, sniff
from gotero.domain.exchange import plan as plans
from gotero.domain.exchange.plan import Plan
from gotero.domain.ids import derived_id
from gotero.domain.job import DONE, Job
from gotero.domain.record import Cause, Ref
from gotero.domain.segment import ACTIVE
from gotero.domain.user import User
from gotero.ports import Definition, Files, Json
from gotero.services.find_sight import sight_of
from gotero.services.import_rows import (
    IMPORT,
    REHEARSAL,
    Importer,
    import_of,
    part_key,
    reason,
    source_key,
    work_rows,
)
from gotero.services.join_file import join
from gotero.services.read_rows import read_on
from gotero.services.work_job import JobLine, start_job
from gotero.services.write_definition import DefinitionWriter, create_definition, get_definition

KIND = "imports"
#: A million rows of a person's usual fields.
MAX_BYTES = 250 * 1024 * 1024
#: Rows that a preview shows, and rows that it goes through.
SHOWN, REHEARSED = 5, 200
#: Characters of a header that are kept: five hundred of them, of four bytes each, fit into the item of a job.
_HEADER = 120
_COLUMNS: Mapping[Language, tuple[str, str]] = {"es": ("Línea", "Motivo"), "en": ("Line", "Reason")}


def announce(
    writer: DefinitionWriter, files: Files, user: User, module_id: str, name: str, size: int, id: str | None
) -> tuple[Definition, str]:
    """The import, and where its file is to be put."""
    module = modules.module(module_id)
    if "create" not in module.capabilities:
        raise NotAllowedError(f"{module_id}: create")
    if not 0 < size <= MAX_BYTES:
        raise InvalidError(FieldError("size", "file_size", (("limit", str(MAX_BYTES // 1024 // 1024)),)))
    data = {"module": module.id, "name": name, "size": size, "owner": user.id}
    made = create_definition(writer, KIND, data, cause=Cause("user", user.id), id=id)
    return made, files.upload_url(source_key(made.id), made.data["size"])


def find_import(writer: DefinitionWriter, id: str, user: User) -> Definition:
    """The import; NotFoundError for one of somebody else: what he uploaded is his alone."""
    found = get_definition(writer.definitions, KIND, id)
    if found.data["owner"] != user.id:
        raise NotFoundError(KIND)
    return found


def preview(importer: Importer, found: Definition, asked: Json, user: User, language: Language) -> Json:
    """What the file is, what its columns may be, and what would become of its first rows; `asked` overrules."""
    size = _size(importer.files, found)
    sample = importer.files.read(source_key(found.id), 0, sniff.SAMPLE)
    module = modules.module(found.data["module"])
    dialect = sniff.detect(sample, encoding=asked.get("encoding"), separator=asked.get("separator"))
    headers = _headers(importer.files, found.id, dialect, size)
    preset = asked["preset"] if "preset" in asked else presets.told_preset(headers)
    columns = asked.get("columns")
    if columns is None:
        columns = presets.propose(module, headers, preset)
    plan = _plan(dialect, columns, {"match": plans.proposed_match(module, columns), **asked})
    plans.check(plan, module, len(headers))
    _check_people(importer, plan, module.id, user)
    params = _params(found, plan, headers, size, user, language)
    here = import_of(importer, params)
    begin = {"byte": dialect.start, "line": 1}
    taken, following = read_on(importer.files, source_key(found.id), dialect, begin, size, REHEARSED + 1)
    results = work_rows(importer, here, taken[1:], rehearsal=True)
    counts = {name: sum(r.outcome == name for r in results) for name in ("new", "changed", "unchanged", "refused")}
    return {
        "plan": plan.to_json(),
        "preset": preset,
        "headers": headers,
        "size": size,
        "targets": sorted(presets.targets(module)),
        "matches": list(plans.matches(module)),
        "counts": {**counts, "kept_out": sum(r.kept_out for r in results)},
        "complete": following["byte"] >= size,
        "rows": [
            {
                "line": row.line,
                "cells": list(row.cells),
                "outcome": result.outcome,
                "values": dict(result.record.values) if result.record else {},
                "errors": [
                    {"path": e.path, "rule": e.rule, "message": reason(module, e, language)} for e in result.errors
                ],
            }
            for row, result in _worth_showing(taken[1:], results)
        ],
    }


def _worth_showing(taken: Sequence[Any], results: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The first rows, and the first refused ones behind them."""
    pairs = list(zip(taken, results, strict=True))
    refused = [pair for pair in pairs[SHOWN:] if pair[1].outcome == "refused"]
    return [*pairs[:SHOWN], *refused[:SHOWN]]


def start(
    importer: Importer, line: JobLine, found: Definition, asked: Json, user: User, language: Language, *, check: bool
) -> Job:
    """The job that imports the file, or the one that only says what it would do. A file is imported once."""
    size = _size(importer.files, found)
    module = modules.module(found.data["module"])
    dialect = sniff.detect(
        importer.files.read(source_key(found.id), 0, sniff.SAMPLE),
        encoding=asked.get("encoding"),
        separator=asked.get("separator"),
    )
    plan = _plan(dialect, asked.get("columns") or (), {"match": plans.NO_MATCH, **asked})
    headers = _headers(importer.files, found.id, dialect, size)
    plans.check(plan, module, len(headers))
    _check_people(importer, plan, module.id, user)
    params = _params(found, plan, headers, size, user, language)
    kind = REHEARSAL if check else IMPORT
    # A rehearsal may be repeated with other columns; the import itself happens once.
    key = None if check else found.id
    return start_job(line, kind, params, name=found.data["name"], user_id=user.id, key=key)


def _params(found: Definition, plan: Plan, headers: Sequence[str], size: int, user: User, language: Language) -> Json:
    return {
        "import": found.id,
        "module": found.data["module"],
        "plan": plan.to_json(),
        "headers": list(headers),
        "size": size,
        "user": user.id,
        "language": language,
    }


def job_of(found: Definition) -> str:
    """The id of the job that imports it, begun or not."""
    return derived_id(IMPORT, found.data["owner"], found.id)


def _plan(dialect: sniff.Dialect, columns: Sequence[str | None], asked: Json) -> Plan:
    # Where Excel separates by semicolons, the comma is the decimal sign.
    plain = Plan(dialect, tuple(columns), asked["match"], decimal="." if dialect.separator == "," else ",")
    given = {name: asked[name] for name in ("mode", "decimal", "dates", "owner", "segment") if asked.get(name)}
    return replace(plain, **given, tags=tuple(asked.get("tags") or ()))


def _size(files: Files, found: Definition) -> int:
    size = files.size(source_key(found.id))
    if size is None:
        raise ConflictError("the file has not arrived", "file_missing", "size")
    if size > MAX_BYTES:
        raise InvalidError(FieldError("size", "file_size", (("limit", str(MAX_BYTES // 1024 // 1024)),)))
    return size


def _headers(files: Files, id: str, dialect: sniff.Dialect, size: int) -> list[str]:
    taken, _ = read_on(files, source_key(id), dialect, {"byte": dialect.start, "line": 1}, size, 1)
    if not taken:
        raise InvalidError(FieldError("file", "empty_file"))
    if taken[0].broken == "too_many_columns":
        raise InvalidError(FieldError("columns", "too_many_columns", (("limit", str(rows.MAX_COLUMNS)),)))
    if taken[0].broken:
        raise InvalidError(FieldError("file", "not_csv"))
    return [cell.strip()[:_HEADER].encode("utf-8", "replace").decode() for cell in taken[0].cells]


def _check_people(importer: Importer, plan: Plan, module: str, user: User) -> None:
    definitions = importer.writer.definitions
    if plan.owner and not any(plan.owner == d.id for kind in ("users", "groups") for d in definitions.all(kind)):
        raise InvalidError(FieldError("owner", "user"))
    if plan.owner and not sight_of(definitions, user.id).sees(Ref(module, ""), plan.owner):
        raise InvalidError(FieldError("owner", "owner_hidden"))
    if plan.segment:
        segment = definitions.get("segments", plan.segment)
        if segment is None:
            raise InvalidError(FieldError("segment", "not_found"))
        if segment.data["status"] != ACTIVE:
            raise InvalidError(FieldError("segment", "inactive"))


def refused_rows(files: Files, job: Job) -> str:
    """Where the rows that were refused can be fetched, as they came, with line and reason; ConflictError too early."""
    if job.state not in DONE:
        raise ConflictError("the import is still at work", "import_at_work")
    line, why = _COLUMNS[job.params["language"]]
    key = f"imports/{job.id}/refused.csv"
    if files.size(key) is None:
        head = [*map(formula.neutral, job.params["headers"]), line, why]
        first = formula.MARK + formula.write_rows([head], job.params["plan"]["separator"])
        numbers = range(1, job.outcome.get("parts", 0) + 1)
        join(files, key, chain([first], (files.read(part_key(job.id, n), 0, MAX_BYTES) for n in numbers)))
    return files.download_url(key, f"{job.params['name'].removesuffix('.csv')} - {why}.csv")
