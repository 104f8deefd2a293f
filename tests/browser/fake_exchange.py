"""Imports and exports for the console's tests: the real services on memory, a step of the job at every look."""

from collections.abc import Callable
from typing import Any

from gotero.services import import_rows
from gotero.services.export_records import Order, download, find_export, start_export
from gotero.services.import_file import announce, find_import, job_of, preview, refused_rows, start
from gotero.services.write_definition import definition_json
from tests.unit.services.exchange_world import USER, ExchangeWorld

Json = dict[str, Any]
Answer = tuple[int, Any]
Routes = list[tuple[str, str, Callable[..., Answer]]]


class FakeExchange:
    def __init__(self) -> None:
        self.world = ExchangeWorld()
        #: Looks that a job lets pass before it works, so that its progress is seen.
        self.patience = 1

    def routes(self, body: Any) -> Routes:
        return [
            ("POST", r"/v1/imports", lambda: self.announce(body)),
            ("GET", r"/v1/imports/([\w-]+)", self.shown),
            ("POST", r"/v1/imports/([\w-]+)/preview", lambda id: self.preview(id, body)),
            ("POST", r"/v1/imports/([\w-]+)/(check|start)", lambda id, verb: self.start(id, verb, body)),
            ("GET", r"/v1/imports/([\w-]+)/errors", self.errors),
            ("POST", r"/v1/exports", lambda: self.export(body)),
            ("GET", r"/v1/exports/([\w-]+)", self.exported),
        ]

    def file(self, method: str, key: str, body: bytes) -> tuple[int, bytes]:
        if method == "PUT":
            self.world.files.stored[key] = body
            return 200, b""
        return 200, self.world.files.stored[key]

    def announce(self, body: Json) -> Answer:
        world = self.world
        made, _ = announce(world.definer, world.files, USER, body["module"], body["name"], body["size"], None)
        return 201, {**definition_json(made), "job": None, "upload_url": f"/files/{import_rows.source_key(made.id)}"}

    def shown(self, id: str) -> Answer:
        found = find_import(self.world.definer, id, USER)
        job = self.moved(job_of(found))
        return 200, {**definition_json(found), "job": job}

    def preview(self, id: str, body: Json) -> Answer:
        asked = {name: value for name, value in body.items() if value is not None}
        return 200, preview(self.world.importer, find_import(self.world.definer, id, USER), asked, USER, "es")

    def start(self, id: str, verb: str, body: Json) -> Answer:
        found = find_import(self.world.definer, id, USER)
        job = start(self.world.importer, self.world.line, found, body, USER, "es", check=verb == "check")
        return 202, {"job_id": job.id}

    def errors(self, id: str) -> Answer:
        job = self.world.jobs.get(job_of(find_import(self.world.definer, id, USER)))
        assert job
        refused_rows(self.world.files, job)
        return 200, {"url": f"/files/imports/{job.id}/refused.csv"}

    def export(self, body: Json) -> Answer:
        order = Order(
            body["module"], None, body.get("search"), None, tuple(body["columns"]), body["separator"], body["headers"]
        )
        job = start_export(self.world.exporter, self.world.line, order, USER, "es", None)
        return 202, {"job_id": job.id}

    def exported(self, id: str) -> Answer:
        shown = self.moved(id)
        job = find_export(self.world.line, id, USER)
        return 200, {**(shown or {}), "url": f"/files/exports/{id}.csv" if download(self.world.files, job) else None}

    def moved(self, job_id: str) -> Json | None:
        job = self.world.jobs.get(job_id)
        if job is None:
            return None
        if self.patience:
            self.patience -= 1
        else:
            self.world.work(job)
        return self.world.stored(job).to_json()
