"""What a changed record asks of DynamoDB until it is in its segment, and a posted form until it is a record."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from functions.public_forms.app import handler as take_post
from functions.react import app
from gotero.adapters.dynamodb.definitions import DynamoDefinitions
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.table import connection
from gotero.domain import company
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.user import User
from gotero.entry import wiring, wiring_segments, wiring_workflows
from gotero.ports import Definition, IndexKeys
from gotero.services.find_sight import ID as VISIBILITY
from gotero.services.find_sight import FindSight
from tests.functions.public_events import request
from tests.unit.adapters.conftest import dynamodb_tables

AT = "2026-11-21T09:00:00.000Z"
ANA, USER = Ref("contacts", "ana"), Cause("user", "admin")
CACHED = (
    *(
        wiring.definitions,
        wiring.numbers,
        wiring.record_writer,
        wiring.form_intake,
        wiring.records,
        wiring.memberships,
        wiring.autosync_rules,
    ),
    *(wiring_segments.evaluator, wiring_segments.follower, wiring_workflows.workflows, wiring_workflows.tools),
)
tables = dynamodb_tables


@pytest.fixture
def calls(
    monkeypatch: pytest.MonkeyPatch, tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[Counter[str]]:
    """Of DynamoDB, by operation and table."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    counted: Counter[str] = Counter()

    def count(request: Any, event_name: str, **_: Any) -> None:
        asked = json.loads(request.body)
        table = asked.get("TableName") or "+".join(asked.get("RequestItems", {}))
        counted[f"{event_name.rpartition('.')[2]} {table}".strip()] += 1

    monkeypatch.setattr(wiring, "declare", lambda: wiring.definitions().look())
    monkeypatch.setattr(wiring_workflows, "tools", lambda: _Tools)
    monkeypatch.setenv("DUE_QUEUE_URL", "https://queue.example/due")
    monkeypatch.setenv("PUBLIC_URL", "https://links.gotero.example")
    for cached in CACHED:
        getattr(cached, "cache_clear", lambda: None)()
    with tables():
        events = connection().client.meta.events
        events.register_first("before-send.dynamodb.*", count)
        yield counted
        events.unregister("before-send.dynamodb.*", count)
    for cached in CACHED:
        getattr(cached, "cache_clear", lambda: None)()


class _Tools:
    """What tasks act with: here no workflow has any."""

    @staticmethod
    def read(ref: Ref) -> Record | None:
        return wiring.records().get(ref)


def segment(rules: int) -> None:
    rule = {
        "id": f"r{rules}",
        "module": "contacts",
        "condition": {"field": "title", "op": "is", "value": f"T{rules}"},
        "state": "active",
        "generation": 1,
    }
    data = {"name": f"S{rules}", "status": "Activo", "autosync": [rule]}
    DynamoDefinitions().put(Definition("segments", f"s{rules}", data, 1, AT, AT))


def image(item: dict[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in item.items() if value is not None}


def stream_of(table: str, old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    images = {"NewImage": new, **({"OldImage": old} if old else {})}
    told = {"Keys": {}, "SequenceNumber": "1", "ApproximateCreationDateTime": 1.0, **images}
    arn = f"arn:aws:dynamodb:us-east-1:1:table/{table}/stream/1"
    return {
        "eventID": "1",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": arn,
        "dynamodb": told,
    }


def stored(table: str, pk: str, sk: str) -> dict[str, Any]:
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    client: Any = connection().client
    found: dict[str, Any] = client.get_item(TableName=table, Key=key)["Item"]
    return found


def react(*records: dict[str, Any]) -> None:
    assert app.handler({"Records": list(records)}, None) == {"batchItemFailures": []}  # type: ignore[arg-type]  # no context is read


def test_a_change_costs_its_evaluation_and_a_transition_nobody_asks_for_nothing(calls: Counter[str]) -> None:
    for number in range(3):
        segment(number)
    keys = IndexKeys()
    record = Record("contacts", "ana", "CON-1", "admin", {"title": "nobody's"}, AT, "admin", AT)
    DynamoRecords().create(record, RecordEvent("e1", "create", USER, AT), keys)
    before = stored("Records", "contacts#ana", "#")
    after = record.changed({"title": "T1"}, at=AT)
    DynamoRecords().update(after, RecordEvent("e2", "modify", USER, AT), keys, keys)
    changed = stream_of("Records", before, stored("Records", "contacts#ana", "#"))
    react(changed)  # a first batch reads the definitions
    calls.clear()

    react(changed, changed, changed)
    assert calls == {
        "Query Definitions": 1,  # the versions of all kinds, once a batch
        "GetItem Memberships": 3,  # the version that each evaluation writes over
        "BatchGetItem Memberships": 3,
        "GetItem Definitions": 3,  # the rules' version, read after it
        "GetItem Records": 3,
        "TransactWriteItems": 3,
    }
    assert [m.segment for m in DynamoMemberships().of(ANA)] == ["s1"]

    entered = stream_of("Memberships", None, stored("Memberships", "contacts#ana", "S#s1"))
    calls.clear()
    react(entered)
    assert calls == {"Query Definitions": 1}


def test_a_batch_hears_of_rules_written_before_it(calls: Counter[str]) -> None:
    record = Record("contacts", "ana", "CON-1", "admin", {"title": "T7"}, AT, "admin", AT)
    DynamoRecords().create(record, RecordEvent("e1", "create", USER, AT), IndexKeys())
    made = stream_of("Records", None, stored("Records", "contacts#ana", "#"))
    react(made)
    assert DynamoMemberships().of(ANA) == []
    segment(7)
    react(made)
    assert [m.segment for m in DynamoMemberships().of(ANA)] == ["s7"]


def test_a_first_post_costs_a_look_a_search_a_number_and_a_write(calls: Counter[str]) -> None:
    fields = [{"field": "lastname", "required": True}, {"field": "email"}]
    data = {
        "name": "Contacto",
        "module": "contacts",
        "owner": "marc",
        "public_id": "p1",
        "return_url": "https://shop.example/thanks",
        "allowed_domains": ["shop.example"],
        "fields": fields,
    }
    for kind, id, content in (("users", "marc", {}), ("public_forms", "p1", {"form": "f1"}), ("forms", "f1", data)):
        DynamoDefinitions().put(Definition(kind, id, content, 1, AT, AT))

    def post(name: str) -> int:
        event = request(
            "POST",
            "/f/p1",
            body=f"lastname=Gil&email={name}@correo.example",
            content_type="application/x-www-form-urlencoded",
            headers={"origin": "https://shop.example"},
        )
        return int(take_post({**event, "pathParameters": {"public_id": "p1"}}, None)["statusCode"])

    assert post("ana") == 303  # the first one reads the definitions
    calls.clear()
    assert post("lia") == 303
    assert calls == {
        "Query Definitions": 1,
        "GetItem Records": 1,  # whose the address is
        "UpdateItem Definitions": 1,  # its number
        "TransactWriteItems": 1,
    }


def test_what_was_seen_at_a_look_is_asked_for_once_and_stays_until_the_next(calls: Counter[str]) -> None:
    definitions, template = DynamoDefinitions(), Definition("templates", "t1", {"name": "one"}, 1, AT, AT)
    definitions.put(template)

    def seen() -> list[str]:
        found = definitions.seen_one("templates", "t1")
        return [d.data["name"] for d in (found, *definitions.seen("templates")) if d]

    assert definitions.seen_one("templates", "t2") is None
    definitions.look()
    calls.clear()
    assert [seen(), seen()] == [["one", "one"]] * 2
    assert definitions.seen_one("templates", "t2") is definitions.seen_one("templates", "t2") is None
    assert calls == {"GetItem Definitions": 2, "Query Definitions": 1}
    DynamoDefinitions().put(replace(template, version=2, data={"name": "two"}))
    assert seen() == ["one", "one"]
    definitions.look()
    assert seen() == ["two", "two"]


def test_what_is_made_private_is_so_for_the_next_request_and_costs_no_call_after_it(calls: Counter[str]) -> None:
    definitions, lucia = DynamoDefinitions(), User("lucia", "Lucía", "lucia@huertaturia.example", "marketer")
    sight = FindSight(definitions)
    definitions.look()
    assert sight(lucia).everything
    elsewhere = Definition(company.KIND, VISIBILITY, {"private": ["contacts"], "shares": []}, 1, AT, AT)
    DynamoDefinitions().put(elsewhere)
    definitions.look()
    assert not sight(lucia).everything
    definitions.look()
    calls.clear()
    assert not sight(lucia).everything
    assert calls == {}
