"""An admin API in memory for the console's own tests: answers in the shapes of the contract, nothing more.

The console itself is served by the real function; log-in is code + PKCE, checked as the user pool checks it.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from functions.console.app import app as console
from tests.browser import sample_data, sample_meta
from tests.browser.fake_exchange import FakeExchange

Json = dict[str, Any]
Answer = tuple[int, Any]

WARNINGS = [{"path": "mjml", "rule": "merge_field", "message": "«naem» no existe."}]


def problem(status: int, title: str, *errors: tuple[str, str]) -> Answer:
    body = {"type": "about:blank", "title": title, "status": status}
    return status, {**body, "errors": [{"path": path, "rule": "", "message": message} for path, message in errors]}


class FakeApi:
    """State and routes. `calls` remembers every write, so that a test can assert what the console sent."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.meta = sample_meta.meta()
        self.records = sample_data.records()
        self.segments = sample_data.segments()
        self.members = sample_data.members()
        self.kept_out = [sample_data.KEPT_OUT]
        self.definitions = sample_data.definitions()
        self.definitions["filters"] = json.loads(json.dumps(sample_data.FILTERS))
        self.definitions["users"] = sample_data.users()
        self.definitions["groups"] = [{"id": "g-sales", "name": "Comerciales", "version": 1}]
        self.definitions["webhooks"] = sample_data.webhooks()
        #: How long the next counts take to answer, in seconds.
        self.slow: list[float] = []
        #: What a condition that is counted is refused for: (path, message).
        self.uncountable: list[tuple[str, str]] = []
        self.fields: list[Json] = []
        self.linked: list[str] = []
        #: The bin of each module, the columns somebody has chosen, and what undoing goes back to.
        self.bin: dict[str, list[Json]] = {}
        self.chosen: dict[str, list[str]] = {}
        self.before: list[Json] = []
        #: What is told of whatever is asked about.
        self.uses: list[Json] = []
        self.jobs: list[Json] = []
        self.suppressions = sample_data.suppressions()
        self.deliverability = sample_data.deliverability()
        self.settings = sample_data.settings()
        self.calls: list[tuple[str, str, Any]] = []
        #: What the next definition to be saved is refused for: (path, message).
        self.refused: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self.codes: dict[str, str] = {}
        self.exchange = FakeExchange()

    # -- routes -----------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if method != "GET" and not path.endswith("/count"):
            self.calls.append((method, path, body))
        routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", r"/v1/meta", lambda: (200, self.meta)),
            ("GET", r"/v1/records/(\w+)", lambda module: self.list_records(module, query)),
            ("POST", r"/v1/records/(\w+)", lambda module: self.create(module, body)),
            ("GET", r"/v1/records/(\w+)/columns", lambda module: (200, {"columns": self.columns(module)})),
            ("POST", r"/v1/records/(\w+)/columns", lambda module: self.choose_columns(module, body)),
            ("POST", r"/v1/records/(\w+)/mass-(edit|delete)", lambda module, verb: self.many(module, verb, body)),
            ("POST", r"/v1/records/(\w+)/undo/([\w-]+)", lambda module, job: self.undo(module)),
            ("POST", r"/v1/records/(\w+)/([\w-]+)/merge", lambda module, id: self.merge(module, id, body)),
            ("POST", r"/v1/records/(\w+)/([\w-]+)/restore", self.restore),
            ("GET", r"/v1/records/(\w+)/([\w-]+)", self.one),
            ("PATCH", r"/v1/records/(\w+)/([\w-]+)", lambda module, id: self.change(module, id, body)),
            ("DELETE", r"/v1/records/(\w+)/([\w-]+)", self.delete),
            ("GET", r"/v1/records/\w+/[\w-]+/timeline", lambda: (200, {"items": sample_data.TIMELINE, "next": None})),
            ("GET", r"/v1/records/\w+/[\w-]+/related/(\w+)", lambda module: self.list_records(module, {})),
            ("GET", r"/v1/records/\w+/[\w-]+/linked/(\w+)", self.list_linked),
            ("POST", r"/v1/records/\w+/[\w-]+/linked/\w+", lambda: self.link(body["ids"], linked=True)),
            ("DELETE", r"/v1/records/\w+/[\w-]+/linked/\w+", lambda: self.link(body["ids"], linked=False)),
            ("POST", r"/v1/filters/count", lambda: self.count(body)),
            ("GET", r"/v1/segments", lambda: (200, {"items": self.segments, "next": None})),
            ("POST", r"/v1/segments", lambda: self.create_segment(body)),
            ("GET", r"/v1/segments/([\w-]+)", self.one_segment),
            ("GET", r"/v1/segments/([\w-]+)/members", lambda id: self.list_members(id, query)),
            ("POST", r"/v1/segments/[\w-]+/members", lambda: (200, {"items": []})),
            ("DELETE", r"/v1/segments/[\w-]+/members", lambda: (204, None)),
            ("GET", r"/v1/segments/([\w-]+)/blocked", lambda id: (200, {"items": self.kept_out, "next": None})),
            ("DELETE", r"/v1/segments/[\w-]+/blocked", self.let_in),
            ("GET", r"/v1/segments/[\w-]+/history", lambda: (200, sample_data.SIZES)),
            ("GET", r"/v1/segments/of/\w+/[\w-]+", lambda: (200, {"items": sample_data.MEMBERSHIPS, "next": None})),
            ("GET", r"/v1/segments/[\w-]+/why/\w+/[\w-]+", lambda: (200, sample_data.WHY)),
            ("POST", r"/v1/segments/[\w-]+/load", lambda: self.send("cam-355")),
            ("POST", r"/v1/segments/([\w-]+)/autosync", lambda id: self.autosync(id, body)),
            ("GET", r"/v1/filters", lambda: self.list_filters(query.get("module"))),
            ("GET", r"/v1/webhooks", lambda: (200, {"items": self.definitions["webhooks"], "next": None})),
            ("POST", r"/v1/webhooks", lambda: self.create_definition("webhooks", sample_data.webhook(body))),
            ("PATCH", r"/v1/users/([\w-]+)", lambda id: self.change_user(id, body)),
            ("POST", r"/v1/(?:plans|scheduled-actions)/[\w-]+/(?:un)?assign", lambda: self.assign(body)),
            ("GET", r"/v1/campaigns/[\w-]+/results", lambda: (200, sample_data.RESULTS)),
            ("POST", r"/v1/campaigns/[\w-]+/send/preview", lambda: (200, sample_data.PREVIEW)),
            ("POST", r"/v1/campaigns/[\w-]+/audience", lambda: self.audience(body)),
            ("POST", r"/v1/campaigns/([\w-]+)/send", lambda id: self.send(id, body["start"])),
            ("GET", r"/v1/jobs", lambda: (200, {"items": [self.moved(job) for job in self.jobs], "next": None})),
            ("GET", r"/v1/jobs/([\w-]+)", lambda id: self.find([self.moved(job) for job in self.jobs], id)),
            ("DELETE", r"/v1/jobs/([\w-]+)", self.delete_job),
            ("POST", r"/v1/messages/([\w-]+)/([\w-]+)", self.decide),
            ("POST", r"/v1/jobs/([\w-]+)/(\w+)", self.command),
            ("POST", r"/v1/templates/[\w-]+/preview", self.preview),
            ("POST", r"/v1/templates/[\w-]+/test", lambda: (202, {})),
            ("GET", r"/v1/forms/[\w-]+/html", lambda: (200, {"html": sample_data.FORM_HTML})),
            ("GET", r"/v1/fields/(\w+)", lambda module: (200, {"items": self.fields, "next": None})),
            ("POST", r"/v1/fields/(\w+)", lambda module: self.add_field(module, body)),
            ("DELETE", r"/v1/fields/(\w+)/(\w+)", self.delete_field),
            ("GET", r"/v1/uses/(\w+)/([\w.-]+)", lambda kind, id: (200, {"items": self.uses, "next": None})),
            ("GET", r"/v1/suppressions", lambda: self.list_suppressions(query)),
            ("GET", r"/v1/suppressions/history", lambda: (200, sample_data.SUPPRESSION_HISTORY)),
            ("POST", r"/v1/suppressions", lambda: self.suppress(body)),
            ("POST", r"/v1/suppressions/import", lambda: (200, {"added": 2, "known": 1, "invalid": [3]})),
            ("POST", r"/v1/suppressions/remove", lambda: self.unsuppress(body)),
            ("GET", r"/v1/deliverability", lambda: (200, self.deliverability)),
            ("POST", r"/v1/deliverability/resume", lambda: self.let_go(body)),
            ("GET", r"/v1/doctor", lambda: (200, sample_data.doctor())),
            ("GET", r"/v1/settings/(\w+)", lambda id: (200, self.settings[id])),
            ("PUT", r"/v1/settings/(\w+)", lambda id: self.settle(id, body)),
            ("GET", r"/v1/([\w-]+)", lambda noun: (200, {"items": self.definitions[noun], "next": None})),
            ("GET", r"/v1/([\w-]+)/([\w-]+)", lambda noun, id: self.find(self.definitions[noun], id)),
            ("POST", r"/v1/([\w-]+)", lambda noun: self.create_definition(noun, body)),
            ("PATCH", r"/v1/([\w-]+)/([\w-]+)", lambda noun, id: self.change_definition(noun, id, body)),
            ("DELETE", r"/v1/([\w-]+)/([\w-]+)", self.delete_definition),
        ]
        for verb, pattern, route in [*self.exchange.routes(body), *routes]:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return route(*match.groups())
        return problem(404, "Not found")

    @staticmethod
    def find(items: list[Json], id: str) -> Answer:
        found = next((item for item in items if item["id"] == id), None)
        return (200, found) if found else problem(404, "Not found")

    # -- what stops mail ----------------------------------------------------------------------------------------

    def list_suppressions(self, query: dict[str, str]) -> Answer:
        found = [each for each in self.suppressions if each["address"].startswith(query.get("search", "").lower())]
        return 200, {"items": found, "next": None}

    def suppress(self, body: Json) -> Answer:
        if "@" not in body["address"]:
            return problem(422, "Unprocessable", ("address", "No es una dirección de email válida."))
        new = {**self.suppressions[0], "address": body["address"], "reason": "manual", "message": None, "note": "n"}
        self.suppressions = sorted([*self.suppressions, new], key=lambda each: str(each["address"]))
        return 201, new

    def unsuppress(self, body: Json) -> Answer:
        self.suppressions = [each for each in self.suppressions if each["address"] != body["address"]]
        return 204, None

    def let_go(self, body: Json) -> Answer:
        off = {"brake": None, "at": None, "figures": None, "released_by": "u-marc", "released_at": sample_data.NOW}
        self.deliverability = {**self.deliverability, "warning": None, "brake": {**off, "note": body["note"]}}
        return 200, self.deliverability["brake"]

    # -- records ----------------------------------------------------------------------------------------------

    def matching(self, module: str, condition: Json | None) -> list[Json]:
        rows = list(self.records[module])
        return [row for row in rows if condition is None or self.holds(row, condition)]

    def holds(self, row: Json, condition: Json) -> bool:
        if "all" in condition:
            return all(self.holds(row, part) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(row, part) for part in condition["any"])
        if "not" in condition:
            return not self.holds(row, condition["not"])
        if "field" not in condition:
            # Stands in for what the lake knows: the more is asked, the fewer there are.
            return int(row["id"].rpartition("-")[2]) < 20 // len(condition)
        if condition["op"] == "is_empty":
            return not row["values"].get(condition["field"])
        if condition["op"] == "is_one_of":
            return row["values"].get(condition["field"]) in condition["value"]
        if condition["op"] == "greater_than":
            return bool((row["values"].get(condition["field"]) or 0) > condition["value"])
        return bool(row["values"].get(condition["field"]) == condition.get("value"))

    def count(self, body: Json) -> Answer:
        if self.slow:
            time.sleep(self.slow.pop(0))
        if self.uncountable:
            return problem(422, "Unprocessable", *self.uncountable)
        found = [each for each in self.definitions["filters"] if each["id"] == body.get("filter_id")]
        asked = found[0] if found else body
        rows = self.matching(asked["module"], asked["condition"])
        return 200, {"count": len(rows), "sample": rows[:3], "as_of": sample_data.NOW, "exact": True}

    def list_filters(self, module: str | None) -> Answer:
        items = [each for each in self.definitions["filters"] if module in (None, each["module"])]
        return 200, {"items": items, "next": None}

    def change_user(self, id: str, body: Json) -> Answer:
        after = [{**each, **body} if each["id"] == id else each for each in self.definitions["users"]]
        if not any(each["role"] == "admin" and not each["disabled"] for each in after):
            return problem(422, "Unprocessable", ("role", "Tiene que quedar al menos un administrador."))
        self.definitions["users"] = after
        return 200, next(each for each in after if each["id"] == id)

    def list_records(self, module: str, query: dict[str, str]) -> Answer:
        if "bin" in query:
            return 200, {"items": self.bin.get(module, []), "next": None}
        rows = self.matching(module, json.loads(query["filter"]) if "filter" in query else None)
        if by := query.get("group"):
            counts = Counter(row["values"].get(by) for row in rows).most_common()
            return 200, {"groups": [{"value": value, "title": None, "count": count} for value, count in counts]}
        if letter := query.get("letter"):
            rows = [row for row in rows if str(row["values"].get("lastname", "")).upper().startswith(letter)]
        if search := query.get("search", "").lower():
            rows = [row for row in rows if search in json.dumps(row["values"], ensure_ascii=False).lower()]
        if sort := query.get("sort"):
            rows.sort(key=lambda row: str(row["values"].get(sort.lstrip("-")) or row["number"]), reverse=sort[0] == "-")
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 50))
        after = str(start + limit) if start + limit < len(rows) else None
        page = {"items": rows[start : start + limit], "next": after, "as_of": sample_data.NOW, "exact": True}
        return 200, page

    def columns(self, module: str) -> list[str]:
        declared = next(each for each in self.meta["modules"] if each["id"] == module)
        return self.chosen.get(module) or list(declared["list_columns"])

    def choose_columns(self, module: str, body: Json) -> Answer:
        self.chosen[module] = body["columns"]
        return 200, {"columns": self.columns(module)}

    def many(self, module: str, verb: str, body: Json) -> Answer:
        rows = [row for row in self.records[module] if row["id"] in body.get("ids", ())]
        self.before = json.loads(json.dumps(self.records[module]))
        for row in rows:
            row["values"] |= body.get("values", {})
        if verb == "delete":
            self.records[module] = [row for row in self.records[module] if row not in rows]
            self.bin[module] = [{**row, "deleted_at": sample_data.NOW} for row in rows]
        return 200, self.done(module, f"mass_{verb}", len(rows))

    def done(self, module: str, kind: str, count: int) -> Json:
        counts = {"total": count, "processed": count, "failed": 0}
        job = {"id": f"j-{kind}", "job_id": f"j-{kind}", "kind": kind, "state": "finished", "module": module, **counts}
        outcome = {"changed": count, "undo_until": "2099-01-01T00:00:00.000Z"}
        self.jobs.insert(0, {**job, "created_at": sample_data.NOW, "created_by": "u-lucia", "outcome": outcome})
        return self.jobs[0]

    def undo(self, module: str) -> Answer:
        changed = sum(row not in self.records[module] for row in self.before)
        self.records[module] = self.before
        return 200, self.done(module, "undo", changed)

    def merge(self, module: str, id: str, body: Json) -> Answer:
        rows = {row["id"]: row for row in self.records[module]}
        records = [rows[each] for each in (id, *body["others"])]
        fields = {}
        for name in {name for row in records for name, value in row["values"].items() if value}:
            from_ = body["choices"].get(name) or next(row["id"] for row in records if row["values"].get(name))
            fields[name] = {"value": rows[from_]["values"][name], "from": from_}
        if body.get("preview"):
            moving = {
                each: {"related": {"invoices.contact": 2}, "memberships": 1, "assignments": 0}
                for each in body["others"]
            }
            shown = [{**row, "title": row["values"].get("lastname", "")} for row in records]
            return 200, {"records": shown, "fields": fields, "tags": [], "moving": moving}
        self.before = json.loads(json.dumps(self.records[module]))
        rows[id]["values"] = {name: field["value"] for name, field in fields.items()}
        self.records[module] = [row for row in self.records[module] if row["id"] not in body["others"]]
        return 200, self.done(module, "merge", len(body["others"]))

    def restore(self, module: str, id: str) -> Answer:
        (found,) = [row for row in self.bin[module] if row["id"] == id]
        self.bin[module].remove(found)
        self.records[module].insert(0, found)
        return 200, found

    def one(self, module: str, id: str) -> Answer:
        return self.find(self.records[module], id)

    @staticmethod
    def refusal(values: Json) -> Answer | None:
        if "email" in values and values["email"] and "@" not in values["email"]:
            return problem(422, "Unprocessable", ("values.email", "No es una dirección de correo válida."))
        return None

    def create(self, module: str, body: Json) -> Answer:
        if refused := self.refusal(body["values"]):
            return refused
        rows = self.records[module]
        record = sample_data.record(module, f"new-{len(rows)}", f"NEW-{len(rows) + 1:06}", body["values"])
        rows.insert(0, {**record, "owner": body.get("owner"), "tags": body.get("tags", [])})
        return 201, rows[0]

    def change(self, module: str, id: str, body: Json) -> Answer:
        if refused := self.refusal(body.get("values", {})):
            return refused
        status, record = self.one(module, id)
        record["values"] |= body.get("values", {})
        record["version"] += 1
        return status, record

    def delete(self, module: str, id: str) -> Answer:
        self.records[module] = [row for row in self.records[module] if row["id"] != id]
        return 204, None

    def list_linked(self, module: str) -> Answer:
        return 200, {"items": [row for row in self.records[module] if row["id"] in self.linked], "next": None}

    def link(self, ids: list[str], *, linked: bool) -> Answer:
        self.linked = [*self.linked, *ids] if linked else [id for id in self.linked if id not in ids]
        return (200, {"linked": len(ids)}) if linked else (204, None)

    def settle(self, id: str, body: Json) -> Answer:
        if self.refused:
            return problem(422, "Unprocessable", *self.refused)
        self.settings[id] = body
        return 200, body

    # -- definitions ------------------------------------------------------------------------------------------

    def create_definition(self, noun: str, body: Json) -> Answer:
        if self.refused:
            return problem(422, "Unprocessable", *self.refused)
        definition = {"id": f"new-{len(self.definitions[noun])}", "version": 1, **body}
        self.definitions[noun].append(definition)
        return 201, definition

    def change_definition(self, noun: str, id: str, body: Json) -> Answer:
        if self.refused:
            return problem(422, "Unprocessable", *self.refused)
        status, definition = self.find(self.definitions[noun], id)
        definition |= {**body, "version": definition.get("version", 1) + 1}
        return status, definition

    def delete_definition(self, noun: str, id: str) -> Answer:
        self.definitions[noun] = [each for each in self.definitions[noun] if each["id"] != id]
        return 204, None

    def add_field(self, module: str, body: Json) -> Answer:
        """The field, and the module that has it from now on."""
        if body["field"] == "email":
            return problem(422, "Unprocessable", ("field", "Otro registro ya tiene este valor (contacts.email)."))
        kept = {"id": f"{module}.{body['field']}", "version": 1, "relation": None, "options": [], **body}
        options = [{"value": each, "label": sample_meta.label(each, each)} for each in kept["options"]]
        self.fields.append({**kept, "options": options})
        declared = next(each for each in self.meta["modules"] if each["id"] == module)
        label, type = (body["label"]["es"], body["label"]["en"]), body["type"]
        declared["fields"].append(sample_meta.field(body["field"], *label, type, custom=True, options=options))
        declared["list_columns"].append(body["field"])
        return 201, self.fields[-1]

    def delete_field(self, module: str, field: str) -> Answer:
        self.fields = [each for each in self.fields if each["field"] != field]
        declared = next(each for each in self.meta["modules"] if each["id"] == module)
        declared["fields"] = [each for each in declared["fields"] if each["id"] != field]
        declared["list_columns"].remove(field)
        return 204, None

    def assign(self, body: Json) -> Answer:
        (assignment,) = self.definitions["assignments"]
        return 200, {"items": [{**assignment, "recipient": each} for each in body["recipients"]], "next": None}

    # -- segments, sends, jobs, templates ---------------------------------------------------------------------

    def create_segment(self, body: Json) -> Answer:
        segment = {"id": f"s-{len(self.segments)}", "number": f"SEGL-{len(self.segments):07}", "counts": {}, **body}
        self.segments.append(segment)
        return 201, segment

    def one_segment(self, id: str) -> Answer:
        """A generation that is being filled is through once its job is."""
        status, segment = self.find(self.segments, id)
        if status == 200 and not any(job["kind"] == "segment_fill" and job["state"] == "running" for job in self.jobs):
            segment["autosync"] = [{**rule, "state": "active"} for rule in segment.get("autosync", [])]
        return status, segment

    def autosync(self, id: str, body: Json) -> Answer:
        _, segment = self.find(self.segments, id)
        if not body["on"]:
            segment["autosync"] = [rule for rule in segment["autosync"] if rule["id"] != body["id"]]
            return 202, {"job_id": None, "autosync": segment["autosync"]}
        found = [each for each in sample_data.FILTERS if each["id"] == body.get("filter_id")]
        asked = found[0] if found else body
        rule = {"id": f"r-{len(self.jobs)}-new", "state": "filling", "filter_id": body.get("filter_id")}
        segment["autosync"] = [
            *segment.get("autosync", []),
            {**rule, "module": asked["module"], "condition": asked["condition"]},
        ]
        _, answer = self.send("cam-355")
        self.jobs[-1] |= {"kind": "segment_fill", "name": segment["name"], "state": "running"}
        return 202, {**answer, "autosync": segment["autosync"]}

    def synced(self, segment: str, module: str) -> list[Json]:
        """Whom the rules that count give."""
        _, found = self.find(self.segments, segment)
        rules = [r for r in found.get("autosync", []) if (r["module"], r["state"]) == (module, "active")]
        sources = [{"kind": "filter", "id": "r", "since": sample_data.NOW, "cause": {"system": "autosync"}}]
        known = {row["id"] for row in self.members}
        return [
            {"module": module, "id": row["id"], "since": sample_data.NOW, "source": "filter", "sources": sources}
            for rule in rules
            for row in self.matching(module, rule["condition"])
            if row["id"] not in known
        ]

    def let_in(self) -> Answer:
        self.kept_out = []
        return 200, {"freed": 1}

    def list_members(self, segment: str, query: dict[str, str]) -> Answer:
        rows = [*(self.members if segment == "s-twitter" else []), *self.synced(segment, query.get("module", ""))]
        return 200, {"items": [row for row in rows if row["module"] == query.get("module")], "next": None}

    @staticmethod
    def audience(body: Json) -> Answer:
        rows = [row for row in sample_data.AUDIENCE if body.get("search", "").lower() in row["title"].lower()]
        rows = [row for row in rows if body.get("verdict") in (None, row["verdict"])]
        return 200, {"items": rows, "next": None}

    def delete_job(self, id: str) -> Answer:
        self.jobs = [job for job in self.jobs if job["id"] != id]
        return 204, None

    def decide(self, id: str, decision: str) -> Answer:
        status, message = self.one("messages", id)
        message["values"]["status"] = "accepted" if decision == "accept" else "cancelled"
        return status, message

    def send(self, campaign: str, start: Any = "now") -> Answer:
        delay = self.meta["settings"]["company"].get("send_delay_minutes", 0) if start == "now" else 60
        at = datetime.now(UTC) + timedelta(minutes=delay)
        job: Json = {
            "id": f"j-{len(self.jobs)}",
            "kind": "campaign_send",
            "state": "held" if start == "hold" else "scheduled" if delay else "running",
            "total": 500,
            "processed": 0,
            "start_at": None if start == "hold" else at.isoformat(),
            "template": "2-Column_1-Logo",
            "template_id": "t-1",
            "audience": {"email_fields": {}},
        }
        self.jobs.append(
            {
                **job,
                "failed": 0,
                "created_at": sample_data.NOW,
                "created_by": "u-lucia",
                "campaign": campaign,
                "name": "Twitter",
            }
        )
        return 202, {"job_id": job["id"]}

    @staticmethod
    def moved(job: Json) -> Json:
        """A running job is a bit further at every look."""
        if job["state"] == "running":
            job["processed"] = min(job["total"], job["processed"] + 120)
            job["state"] = "finished" if job["processed"] == job["total"] else "running"
        pending = job["total"] - job["processed"]
        ended = sample_data.NOW if job["state"] == "finished" else None
        running = job["state"] == "running"
        return {
            **job,
            "deletable": job["state"] in ("held", "scheduled"),
            "rate": 60.0 if running else None,
            "seconds_left": 120 if running else None,
            "cost": {"currency": "USD", "provider": job["processed"] / 10_000, "platform": 0.001},
            "counts": {"accepted": job["processed"], "skipped": 0},
            "pending": pending,
            "progress": job["processed"] / job["total"],
            "finished_at": ended,
            "result": None,
        }

    def command(self, id: str, command: str) -> Answer:
        states = {"pause": "paused", "resume": "running", "start": "running", "cancel": "cancelled"}
        job = next(job for job in self.jobs if job["id"] == id)
        job["state"] = states[command]
        return 200, self.moved(dict(job))

    @staticmethod
    def preview() -> Answer:
        html = "<h1>Fruta para la oficina</h1><script>parent.document.title='owned'</script><p>Hola, Lía</p>"
        return 200, {"subject": "Fruta para la oficina", "html": html, "text": "Hola, Lía", "warnings": WARNINGS}

    # -- the user pool ----------------------------------------------------------------------------------------

    def authorize(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(8)
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def token(self, form: dict[str, str]) -> Answer:
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.codes.pop(form["code"], None):
                return 400, {"error": "invalid_grant"}
        elif form["refresh_token"] != "refresh":
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(8)
        self.tokens.add(token)
        return 200, {"access_token": token, "refresh_token": "refresh", "expires_in": 300}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.api = FakeApi()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: pytest shows what failed."""

    def handle_any(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if url.path.startswith("/v1/"):
            self.reply_api(url.path, query, body)
        elif url.path.startswith("/files/"):
            status, content = self.server.api.exchange.file(self.command, url.path.removeprefix("/files/"), body)
            self.reply(status, content, **{"content-type": "text/csv", "content-disposition": "attachment"})
        elif url.path == "/pool/oauth2/authorize":
            self.reply(302, b"", location=self.server.api.authorize(query))
        elif url.path == "/pool/oauth2/token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.reply_json(*self.server.api.token(form))
        elif url.path == "/pool/logout":
            self.reply(200, b"Adios", **{"content-type": "text/plain"})
        else:
            self.reply_console(url.path)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def reply_api(self, path: str, query: dict[str, str], body: bytes) -> None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.server.api.tokens:
            return self.reply_json(401, {"message": "Unauthorized"})
        return self.reply_json(*self.server.api.answer(self.command, path, query, json.loads(body) if body else None))

    def reply_console(self, path: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        event = {"rawPath": path, "headers": headers, "requestContext": {"http": {"method": self.command}}}
        answer = console.handler(event, None)
        body = answer["body"].encode()
        self.reply(
            answer["statusCode"], base64.b64decode(body) if answer.get("isBase64Encoded") else body, **answer["headers"]
        )

    def reply_json(self, status: int, body: Any) -> None:
        self.reply(status, b"" if body is None else json.dumps(body).encode(), **{"content-type": "application/json"})

    def reply(self, status: int, body: bytes, /, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
