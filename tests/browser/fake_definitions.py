"""What is kept under Definitions: filters, users, fields, workflows…"""

from typing import Any

from gotero.domain.errors import InvalidError
from gotero.domain.record import Cause
from gotero.services.save_document import announce_document, keep_document
from gotero.services.write_definition import definition_json
from tests.browser import sample_definitions, sample_modules
from tests.browser.fake_state import Answer, Json, Routes, State, problem
from tests.unit.services.exchange_world import USER


class Definitions(State):
    def definition_routes(self, query: dict[str, str], body: Any) -> Routes:
        return [
            ("GET", r"/v1/filters", lambda: self.list_filters(query.get("module"))),
            ("GET", r"/v1/webhooks", lambda: (200, {"items": self.definitions["webhooks"], "next": None})),
            ("POST", r"/v1/webhooks", lambda: self.create_definition("webhooks", sample_definitions.webhook(body))),
            ("PATCH", r"/v1/users/([\w-]+)", lambda id: self.change_user(id, body)),
            ("POST", r"/v1/(?:plans|scheduled-actions)/[\w-]+/(?:un)?assign", lambda: self.assign(body)),
            ("GET", r"/v1/plans/[\w-]+/recipients", self.plan_recipients),
            ("GET", r"/v1/forms/[\w-]+/html", lambda: (200, {"html": sample_definitions.FORM_HTML})),
            ("GET", r"/v1/fields/(\w+)", lambda module: (200, {"items": self.fields, "next": None})),
            ("POST", r"/v1/fields/(\w+)", lambda module: self.add_field(module, body)),
            ("DELETE", r"/v1/fields/(\w+)/(\w+)", self.delete_field),
            ("GET", r"/v1/uses/(\w+)/([\w.-]+)", self.used_by),
            ("POST", r"/v1/documents", lambda: self.announce_document(body)),
            ("POST", r"/v1/documents/([\w-]+)/uploaded", self.keep_document),
            ("GET", r"/v1/documents/([\w-]+)/download", lambda id: (200, {"url": f"/files/documents/{id}.pdf"})),
            ("GET", r"/v1/document-templates/[\w-]+/preview", lambda: (200, b"%PDF-1.4 " + str(query).encode())),
            ("GET", r"/v1/([\w-]+)", lambda noun: (200, {"items": self.definitions[noun], "next": None})),
            ("GET", r"/v1/([\w-]+)/([\w-]+)", lambda noun, id: self.find(self.definitions[noun], id)),
            ("POST", r"/v1/([\w-]+)", lambda noun: self.create_definition(noun, body)),
            ("PATCH", r"/v1/([\w-]+)/([\w-]+)", lambda noun, id: self.change_definition(noun, id, body)),
            ("DELETE", r"/v1/([\w-]+)/([\w-]+)", self.delete_definition),
        ]

    def used_by(self, kind: str, id: str) -> Answer:
        mine = {
            noun: sum(row["owner"] == id for row in rows if row["module"] != "messages")
            for noun, rows in self.records.items()
        }
        counts = [{"module": noun, "count": count} for noun, count in mine.items() if count]
        owned = {"owned": {"records": counts, "as_of": "2026-11-22T06:00:00.000Z", "exact": True}}
        return 200, {"items": self.uses, **(owned if kind in ("users", "groups") else {}), "next": None}

    def list_filters(self, module: str | None) -> Answer:
        items = [each for each in self.definitions["filters"] if module in (None, each["module"])]
        return 200, {"items": items, "next": None}

    def change_user(self, id: str, body: Json) -> Answer:
        after = [{**each, **body} if each["id"] == id else each for each in self.definitions["users"]]
        if not any(each["role"] == "admin" and not each["disabled"] for each in after):
            return problem(422, "Unprocessable", ("role", "Tiene que quedar al menos un administrador."))
        self.definitions["users"] = after
        return 200, next(each for each in after if each["id"] == id)

    def create_definition(self, noun: str, body: Json) -> Answer:
        if self.refused:
            return problem(422, "Unprocessable", *self.refused)
        definition = {"id": f"new-{len(self.definitions[noun])}", "version": 1, **body}
        self.definitions[noun].append(definition)
        return 201, definition

    def announce_document(self, body: Json) -> Answer:
        """By the real service, on the bucket of the exchange."""
        world = self.exchange.world
        made, _ = announce_document(world.definer, world.files, body, owner=USER.id)
        return 201, {**definition_json(made), "upload_url": f"/files/uploads/{made.id}.pdf"}

    def keep_document(self, id: str) -> Answer:
        world = self.exchange.world
        try:
            kept = keep_document(world.definer, world.writer.numbers, world.files, id, cause=Cause("user", USER.id))
        except InvalidError:
            return problem(422, "Unprocessable", ("file", "El contenido del fichero no es el anunciado."))
        self.definitions["documents"].append(definition_json(kept))
        return 200, definition_json(kept)

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
        options = [{"value": each, "label": sample_modules.label(each, each)} for each in kept["options"]]
        self.fields.append({**kept, "options": options})
        declared = next(each for each in self.meta["modules"] if each["id"] == module)
        label, type = (body["label"]["es"], body["label"]["en"]), body["type"]
        declared["fields"].append(sample_modules.field(body["field"], *label, type, custom=True, options=options))
        declared["list_columns"].append(body["field"])
        return 201, self.fields[-1]

    def delete_field(self, module: str, field: str) -> Answer:
        self.fields = [each for each in self.fields if each["field"] != field]
        declared = next(each for each in self.meta["modules"] if each["id"] == module)
        declared["fields"] = [each for each in declared["fields"] if each["id"] != field]
        declared["list_columns"].remove(field)
        return 204, None

    def plan_recipients(self) -> Answer:
        who = {"number": "CON-000001", "title": "Iker Gil"}
        return 200, {"items": [{**each, **who} for each in self.definitions["assignments"]], "hidden": 1, "next": None}

    def assign(self, body: Json) -> Answer:
        (assignment,) = self.definitions["assignments"]
        return 200, {"items": [{**assignment, "recipient": each} for each in body["recipients"]], "next": None}
