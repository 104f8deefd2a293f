"""The routes of /v1/imports and /v1/exports. In a private module the jobs reach what their author sees."""

from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.errors import NotFoundError
from gotero.entry import bodies, http, wiring, wiring_exchange, wiring_jobs
from gotero.ports import Definition
from gotero.services.export_records import Headers, Order, download, find_export, start_export
from gotero.services.find_filter import chosen_filter
from gotero.services.import_file import announce, find_import, job_of, preview, refused_rows, start
from gotero.services.write_definition import definition_json

_Id = Annotated[str, Field(min_length=1, max_length=50)]


class NewImport(bodies.Body):
    module: _Id
    name: Annotated[str, Field(min_length=1, max_length=200)]
    size: int


class Asked(bodies.Body):
    """What the person wants otherwise than it was proposed."""

    encoding: _Id | None = None
    separator: _Id | None = None
    preset: _Id | None = None
    columns: Annotated[list[Annotated[str, Field(max_length=100)] | None], Field(max_length=500)] | None = None
    match: Annotated[str, Field(max_length=100)] | None = None
    mode: _Id | None = None
    decimal: _Id | None = None
    dates: _Id | None = None
    owner: _Id | None = None
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)] | None = None
    segment: _Id | None = None


class NewExport(bodies.Body):
    module: _Id
    filter_id: str | None = None
    condition: dict[str, Any] | None = None
    search: Annotated[str, Field(max_length=200)] | None = None
    segment: _Id | None = None
    columns: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=500)] | None = None
    separator: Literal[";", ",", "\t"] = ";"
    headers: Headers = "label"


def add_to(api: http.Api) -> None:
    _importing(api)
    _exporting(api)


def _importing(api: http.Api) -> None:
    def found(id: str) -> Definition:
        return find_import(wiring.definition_writer(), id, api.user)

    def begun(id: str, *, check: bool) -> Response[str]:
        importer, line = wiring_exchange.importer(), wiring_jobs.job_line()
        job = start(importer, line, found(id), _asked(api), api.user, api.language, check=check)
        return http.accepted({"job_id": job.id})

    @api.post("/v1/imports")
    def create() -> Response[str]:
        new, files, writer = api.read(NewImport), wiring_exchange.files(), wiring.definition_writer()
        made, url = announce(writer, files, api.user, new.module, new.name, new.size, api.idempotent_id())
        return http.created({**_shown(made), "upload_url": url})

    @api.get("/v1/imports/<id>")
    def get(id: str) -> Response[str]:
        return http.respond(_shown(found(id)))

    @api.post("/v1/imports/<id>/preview")
    def preview_(id: str) -> http.Json:
        return preview(wiring_exchange.importer(), found(id), _asked(api), api.user, api.language)

    @api.post("/v1/imports/<id>/check")
    def check(id: str) -> Response[str]:
        return begun(id, check=True)

    @api.post("/v1/imports/<id>/start")
    def start_(id: str) -> Response[str]:
        return begun(id, check=False)

    @api.get("/v1/imports/<id>/errors")
    def errors(id: str) -> http.Json:
        job = wiring_jobs.job_line().jobs.get(job_of(found(id)))
        if job is None:
            raise NotFoundError("job")
        return {"url": refused_rows(wiring_exchange.files(), job)}


def _asked(api: http.Api) -> http.Json:
    return api.read(Asked).model_dump(exclude_unset=True, exclude_none=True)


def _shown(found: Definition) -> http.Json:
    job = wiring_jobs.job_line().jobs.get(job_of(found))
    return {**definition_json(found), "job": job.to_json() if job else None}


def _exporting(api: http.Api) -> None:
    @api.post("/v1/exports")
    def export() -> Response[str]:
        order = _order(api.read(NewExport))
        exporter, line = wiring_exchange.exporter(), wiring_jobs.job_line()
        job = start_export(exporter, line, order, api.user, api.language, api.idempotent_id())
        return http.accepted({"job_id": job.id})

    @api.get("/v1/exports/<id>")
    def exported(id: str) -> http.Json:
        job = find_export(wiring_jobs.job_line(), id, api.user)
        return {**job.to_json(), "url": download(wiring_exchange.files(), job)}


def _order(new: NewExport) -> Order:
    condition = None
    if new.filter_id is not None or new.condition is not None:
        module = None if new.filter_id else new.module
        definitions, records = wiring.definitions(), wiring.records()
        condition = chosen_filter(definitions, records, new.filter_id, module, new.condition).condition
    return Order(new.module, condition, new.search, new.segment, tuple(new.columns or ()), new.separator, new.headers)
