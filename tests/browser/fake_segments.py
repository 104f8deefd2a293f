"""Segments: members, rules, who is kept out."""

from typing import Any

from tests.browser import sample_data, sample_definitions, sample_segments
from tests.browser.fake_sends import Sends
from tests.browser.fake_state import Answer, Json, Routes


class Segments(Sends):
    def segment_routes(self, query: dict[str, str], body: Any) -> Routes:
        why = sample_segments.WAS if "at" in query else sample_segments.WHY
        return [
            ("GET", r"/v1/segments", lambda: (200, {"items": self.segments, "next": None})),
            ("POST", r"/v1/segments", lambda: self.create_segment(body)),
            ("GET", r"/v1/segments/([\w-]+)", self.one_segment),
            ("GET", r"/v1/segments/([\w-]+)/members", lambda id: self.list_members(id, query)),
            ("POST", r"/v1/segments/[\w-]+/members", lambda: (200, {"items": []})),
            ("DELETE", r"/v1/segments/[\w-]+/members", lambda: (204, None)),
            ("GET", r"/v1/segments/([\w-]+)/blocked", lambda id: (200, {"items": self.kept_out, "next": None})),
            ("DELETE", r"/v1/segments/[\w-]+/blocked", self.let_in),
            ("GET", r"/v1/segments/[\w-]+/history", lambda: (200, sample_segments.SIZES)),
            ("GET", r"/v1/segments/of/\w+/[\w-]+", lambda: (200, {"items": sample_segments.MEMBERSHIPS, "next": None})),
            (
                "GET",
                r"/v1/segments/[\w-]+/why/\w+/[\w-]+",
                lambda: (200, why),
            ),
            ("POST", r"/v1/segments/[\w-]+/load", lambda: self.send("cam-355")),
            ("POST", r"/v1/segments/([\w-]+)/autosync", lambda id: self.autosync(id, body)),
        ]

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
        found = [each for each in sample_definitions.FILTERS if each["id"] == body.get("filter_id")]
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
