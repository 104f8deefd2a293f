"""Records: lists, pages, what is done to many of them."""

import json
import time
from collections import Counter
from typing import Any

from tests.browser import sample_data
from tests.browser.fake_state import Answer, Json, Routes, State, problem


class Records(State):
    def record_routes(self, query: dict[str, str], body: Any) -> Routes:
        return [
            ("GET", r"/v1/records/(\w+)", lambda module: self.list_records(module, query)),
            ("POST", r"/v1/records/(\w+)", lambda module: self.create(module, body)),
            ("GET", r"/v1/records/(\w+)/columns", lambda module: (200, {"columns": self.columns(module)})),
            ("POST", r"/v1/records/(\w+)/columns", lambda module: self.choose_columns(module, body)),
            ("POST", r"/v1/records/(\w+)/mass-(edit|delete)", lambda module, verb: self.many(module, verb, body)),
            ("POST", r"/v1/records/(\w+)/undo/([\w-]+)", lambda module, job: self.undo(module)),
            ("POST", r"/v1/records/(\w+)/([\w-]+)/merge", lambda module, id: self.merge(module, id, body)),
            ("POST", r"/v1/records/(\w+)/([\w-]+)/restore", self.restore),
            ("POST", r"/v1/records/(\w+)/([\w-]+)/erase", lambda module, id: self.erase(module, id, body)),
            ("POST", r"/v1/records/(\w+)/[\w-]+/export", lambda module: (202, self.done(module, "person_export", 1))),
            ("GET", r"/v1/records/\w+/[\w-]+/export/([\w-]+)", self.exported),
            ("GET", r"/v1/records/(\w+)/([\w-]+)", self.one),
            ("PATCH", r"/v1/records/(\w+)/([\w-]+)", lambda module, id: self.change(module, id, body)),
            ("DELETE", r"/v1/records/(\w+)/([\w-]+)", self.delete),
            ("GET", r"/v1/records/(\w+)/[\w-]+/timeline", self.timeline),
            ("GET", r"/v1/records/\w+/[\w-]+/related/(\w+)", lambda module: self.list_records(module, {})),
            ("GET", r"/v1/records/\w+/[\w-]+/linked/(\w+)", self.list_linked),
            ("POST", r"/v1/records/\w+/[\w-]+/linked/\w+", lambda: self.link(body["ids"], linked=True)),
            ("DELETE", r"/v1/records/\w+/[\w-]+/linked/\w+", lambda: self.link(body["ids"], linked=False)),
            ("POST", r"/v1/filters/count", lambda: self.count(body)),
        ]

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
        value = row["owner"] if condition["field"] == "owner" else row["values"].get(condition["field"])
        if condition["op"] == "is_empty":
            return not value
        if condition["op"] == "is_one_of":
            return value in condition["value"]
        if condition["op"] == "greater_than":
            return bool((value or 0) > condition["value"])
        return bool(value == condition.get("value"))

    def count(self, body: Json) -> Answer:
        if self.slow:
            time.sleep(self.slow.pop(0))
        if self.uncountable:
            return problem(422, "Unprocessable", *self.uncountable)
        found = [each for each in self.definitions["filters"] if each["id"] == body.get("filter_id")]
        asked = found[0] if found else body
        rows = self.matching(asked["module"], asked["condition"])
        return 200, {"count": len(rows), "sample": rows[:3], "as_of": sample_data.NOW, "exact": True}

    def list_records(self, module: str, query: dict[str, str]) -> Answer:
        if "bin" in query:
            return 200, {"items": self.bin.get(module, []), "next": None}
        rows = self.matching(module, json.loads(query["filter"]) if "filter" in query else None)
        if "letters" in query:
            initials = Counter(str(row["values"].get("lastname", ""))[:1].upper() for row in rows)
            return 200, {"letters": {letter: initials[letter] for letter in "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"}}
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
        rows = self.matching(module, body["condition"]) if "condition" in body else rows
        self.before = json.loads(json.dumps(self.records[module]))
        for row in rows:
            row["values"] |= body.get("values", {})
            row["owner"] = body.get("owner", row["owner"])
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

    @staticmethod
    def timeline(module: str) -> Answer:
        items = sample_data.MESSAGE_TIMELINE if module == "messages" else sample_data.TIMELINE
        return 200, {"items": items, "next": None}

    def restore(self, module: str, id: str) -> Answer:
        (found,) = [row for row in self.bin[module] if row["id"] == id]
        self.bin[module].remove(found)
        self.records[module].insert(0, found)
        return 200, found

    def erase(self, module: str, id: str, body: Json) -> Answer:
        """The API takes the number of the record, and nothing else, for a yes."""
        status, record = self.one(module, id)
        if status != 200:
            return status, record
        if body.get("preview"):
            rows = [{"module": module, "id": id, "number": record["number"]}]
            counts = {"memberships": 2, "assignments": 1, "messages": 3}
            return 200, {"number": record["number"], "records": rows, **counts, "stays_suppressed": True}
        if body["confirm"] != record["number"]:
            return problem(422, "Unprocessable", ("confirm", "Escribe el número del registro."))
        self.delete(module, id)
        return 202, self.done(module, "person_erase", 6)

    def exported(self, job: str) -> Answer:
        self.exchange.world.files.stored["people.json"] = b'{"record": []}'
        _, found = self.find(self.jobs, job)
        return 200, {**found, "progress": 1.0, "url": "/files/people.json"}

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
