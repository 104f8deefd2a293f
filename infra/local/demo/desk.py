"""The marketer's desk: the admin API, asked so that doing something a second time finds what the first time made."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from infra.local.stack import PATIENCE_SECONDS, Stack, Unexpected, wait_until

Json = dict[str, Any]


class Desk:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def made(self, path: str, body: Json, label: str = "name") -> Json:
        """The definition of that name, made if there is none."""
        for item in self.stack.api("GET", path)["items"]:
            if item[label] == body[label]:
                return dict(item)
        return dict(self.stack.api("POST", path, body, expect=201))

    def typed_in(self, module: str, values: Json, owner: str | None = None) -> Json:
        """A record as somebody types it in; the same values again are the same record."""
        body = {"values": values, **({"owner": owner} if owner else {})}
        key = quote("-".join(str(values.get(name, "")) for name in ("name", "email", "firstname", "lastname")))
        answer = self.stack.call("POST", f"/v1/records/{module}", body, headers={"Idempotency-Key": f"demo-{key}"})
        if answer.status not in (200, 201):
            raise Unexpected(f"{module}: {answer.status} {answer.text[:500]}")
        return dict(answer.json())

    def record(self, module: str, id: str) -> Json:
        return dict(self.stack.api("GET", f"/v1/records/{module}/{id}"))

    def records(self, module: str, condition: Json) -> Iterator[Json]:
        """All records of a module that meet the condition, page by page, from the lake."""
        query = {"filter": json.dumps(condition), "sort": "number", "limit": "200"}
        while True:
            page = self.stack.api("GET", f"/v1/records/{module}?{urlencode(query)}")
            yield from page["items"]
            if not page["next"]:
                return
            query["cursor"] = page["next"]

    def find(self, module: str, **values: Any) -> Json | None:
        """One record with these values, if the lake shows it."""
        condition = {"all": [{"field": name, "op": "is", "value": value} for name, value in values.items()]}
        return next(self.records(module, condition), None)

    def segment(self, name: str) -> str:
        return str(next(s["id"] for s in self.stack.api("GET", "/v1/segments")["items"] if s["name"] == name))

    def user(self, name: str) -> str:
        return str(next(u["id"] for u in self.stack.api("GET", "/v1/users")["items"] if u["name"] == name))

    def sources(self, segment: str, module: str, id: str) -> list[Json]:
        """Why somebody is in a segment; empty when they are not. Read from the truth, not from the lake."""
        return list(self.stack.api("GET", f"/v1/segments/{segment}/why/{module}/{id}").get("sources") or ())

    def timeline(self, module: str, id: str) -> list[Json]:
        return list(self.stack.api("GET", f"/v1/records/{module}/{id}/timeline?limit=200")["items"])

    def assignments(self, module: str, id: str) -> list[Json]:
        return list(self.stack.api("GET", f"/v1/assignments?recipient={module}/{id}")["items"])

    def scheduled(self, reference: str, template: Json, when: Json) -> str:
        """A template, an action that mails it, and a scheduled action that says when; the id of the last."""
        made = self.made("/v1/templates", template)
        params = {"template_id": made["id"]}
        action = self.made("/v1/actions", {"name": template["name"], "kind": "mail", "params": params})
        body = {"reference": reference, "action_id": action["id"], "when": when}
        return str(self.made("/v1/scheduled-actions", body, "reference")["id"])

    def wait_for_message(self, recipient: Json, **values: Any) -> Json:
        """The message to somebody once it shows these values."""

        def seen() -> Json | None:
            for item in self.messages_to(recipient):
                if all(item["values"].get(name) == value for name, value in values.items()):
                    return item
            return None

        return wait_until(seen, PATIENCE_SECONDS, f"a message with {values}")

    def messages_to(self, recipient: Json) -> list[Json]:
        relation = {"contacts": "contact", "accounts": "account", "leads": "lead"}[recipient["module"]]
        return list(self.records("messages", {"all": [{"field": relation, "op": "is", "value": recipient["id"]}]}))

    def console(self, path: str) -> str:
        return f"{self.stack.console_url}{path}"
