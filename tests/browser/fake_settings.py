"""What stops mail, and the settings of the house."""

from typing import Any

from gotero.services.foresee_numbers import foresee_numbers
from tests.browser import sample_data, sample_settings
from tests.browser.fake_state import Answer, Json, Routes, State, problem


class Settings(State):
    def setting_routes(self, query: dict[str, str], body: Any) -> Routes:
        return [
            ("GET", r"/v1/suppressions", lambda: self.list_suppressions(query)),
            ("GET", r"/v1/suppressions/history", lambda: (200, sample_settings.SUPPRESSION_HISTORY)),
            ("POST", r"/v1/suppressions", lambda: self.suppress(body)),
            ("POST", r"/v1/suppressions/import", lambda: (200, {"added": 2, "known": 1, "invalid": [3]})),
            ("POST", r"/v1/suppressions/remove", lambda: self.unsuppress(body)),
            ("GET", r"/v1/deliverability", lambda: (200, self.deliverability)),
            ("POST", r"/v1/deliverability/resume", lambda: self.let_go(body)),
            ("GET", r"/v1/doctor", lambda: (200, sample_settings.doctor())),
            ("POST", r"/v1/settings/numbers/next", lambda: self.next_numbers(body)),
            ("GET", r"/v1/settings/(\w+)", lambda id: (200, self.settings[id])),
            ("PUT", r"/v1/settings/(\w+)", lambda id: self.settle(id, body)),
        ]

    def next_numbers(self, body: Json) -> Answer:
        known = {*(module["id"] for module in self.meta["modules"]), "segments", "documents"}
        items = foresee_numbers(self.numbers, body)["items"]
        return 200, {"items": [each for each in items if each["kind"] in known], "next": None}

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

    def settle(self, id: str, body: Json) -> Answer:
        if self.refused:
            return problem(422, "Unprocessable", *self.refused)
        self.settings[id] = body
        return 200, body
