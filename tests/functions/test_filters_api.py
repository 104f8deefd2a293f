"""/v1/filters as a client meets it: shipped ones, saved ones, where they are used, and lists by them."""

import pytest

from functions.filters_api.app import api
from functions.records_api.app import api as records_api
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.records import MemoryRecords
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.domain.filter import SHIPPED
from gotero.domain.modules import MODULES
from gotero.entry import wiring
from gotero.ports import LakeRow
from gotero.services.write_definition import DefinitionWriter, create_definition
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import BY_MARC

TWITTER = {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]}


@pytest.fixture
def definitions(monkeypatch: pytest.MonkeyPatch) -> MemoryDefinitions:
    clock, definitions, lake = SetClock(), MemoryDefinitions(), MemoryLake(SetClock())
    lake.append("contacts", [row("lia", leadsource="Twitter"), row("ana", leadsource="Web Site")], "")
    for served in (api, records_api):
        monkeypatch.setattr(served, "_find_user", lambda sub: LUCIA)
    writer = DefinitionWriter(definitions, clock, SeededIds(clock))
    for name, made in {
        "definitions": definitions,
        "definition_writer": writer,
        "lake": lake,
        "records": MemoryRecords(),
        "signer": MemorySigner(),
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    return definitions


def row(id: str, **values: str) -> LakeRow:
    at = "2026-11-21T09:00:00.000Z"
    data = {"module": "contacts", "id": id, "number": "CON-1", "owner": "lucia", "tags": [], "created_at": at}
    return LakeRow(id, 1, {**data, "updated_at": at, "created_by": "lucia", "version": 1, "values": values})


def saved() -> str:
    body = {"name": "De Twitter", "module": "contacts", "condition": TWITTER}
    answer = call(api, "POST", "/v1/filters", body)
    assert answer.status == 201
    assert (answer.body["name"], answer.body["readonly"], answer.body["version"]) == ("De Twitter", False, 1)
    return str(answer.body["id"])


def test_a_module_has_its_shipped_filters_in_the_words_of_the_reader(definitions: MemoryDefinitions) -> None:
    mine = saved()
    spanish = call(api, "GET", "/v1/filters", query={"module": "contacts"}).body["items"]
    assert [item["name"] for item in spanish] == ["Todos", "Cumpleaños hoy", "Sin email", "De Twitter"]
    assert [item["readonly"] for item in spanish] == [True, True, True, False]
    assert spanish[-1]["id"] == mine
    english = call(api, "GET", "/v1/filters", query={"module": "messages"}, headers={"accept-language": "en"})
    assert [item["name"] for item in english.body["items"]] == [
        *("All", "Bounce", "Clicked", "Delivered", "Dropped", "Open", "Unsubscribed", "Not sent")
    ]
    assert call(api, "GET", "/v1/filters/contacts-birthday").body["condition"] == {
        "all": [{"field": "birthday", "op": "is_today"}]
    }
    assert {one.module for one in SHIPPED.values()} == set(MODULES)


def test_shipped_filters_are_nobodys_to_change(definitions: MemoryDefinitions) -> None:
    assert call(api, "PATCH", "/v1/filters/contacts-all", {"name": "x"}).status == 403
    assert call(api, "DELETE", "/v1/filters/contacts-all").status == 403


def test_a_broken_filter_is_refused_with_its_paths(definitions: MemoryDefinitions) -> None:
    condition = {"all": [{"field": "leadsource", "op": "has_changed"}, {"field": "shoe", "op": "is", "value": 1}]}
    answer = call(api, "POST", "/v1/filters", {"module": "contacts", "condition": condition})
    assert answer.status == 422
    assert answer.broken() == [
        ("name", "required"),
        ("condition.all[0].op", "not_in_filter"),
        ("condition.all[1].field", "unknown_field"),
    ]
    saved()
    twin = {"name": "de twitter", "module": "contacts", "condition": TWITTER}
    assert call(api, "POST", "/v1/filters", twin).status == 409
    assert call(api, "POST", "/v1/filters", {"name": "De Twitter", "module": "leads", "condition": {}}).status == 201


def test_a_list_and_a_count_by_a_filter(definitions: MemoryDefinitions) -> None:
    mine = saved()
    listed = call(records_api, "GET", "/v1/records/contacts", query={"filter_id": mine})
    assert [item["id"] for item in listed.body["items"]] == ["lia"]
    narrowed = {"filter_id": mine, "filter": '{"field":"leadsource","op":"is","value":"Web Site"}'}
    assert call(records_api, "GET", "/v1/records/contacts", query=narrowed).body["items"] == []
    assert call(records_api, "GET", "/v1/records/leads", query={"filter_id": mine}).broken() == [
        ("filter_id", "not_found")
    ]
    assert call(api, "POST", "/v1/filters/count", {"filter_id": mine}).body["count"] == 1
    assert call(api, "POST", "/v1/filters/count", {"module": "contacts"}).body["count"] == 2
    wrong = call(api, "POST", "/v1/filters/count", {"module": "contacts", "condition": {"field": "x", "op": "is"}})
    assert wrong.broken() == [("condition.field", "unknown_field")]
    assert call(api, "POST", "/v1/filters/count", {}).broken() == [("module", "required")]
    assert call(api, "POST", "/v1/filters/count", {"filter_id": "x" * 3000}).broken() == [("filter_id", "not_found")]


def test_a_filter_in_use_says_by_whom(definitions: MemoryDefinitions) -> None:
    mine = saved()
    path = f"/v1/filters/{mine}"
    writer = wiring.definition_writer()
    rule = {"id": "r", "filter_id": mine, "module": "contacts", "condition": TWITTER}
    segment = create_definition(writer, "segments", {"name": "twitter", "autosync": [rule]}, cause=BY_MARC)
    other = {"condition": {"all": [{"field": "city", "op": "is", "value": "Alzira"}]}}
    for refused in (call(api, "DELETE", path), call(api, "PATCH", path, other)):
        assert refused.status == 409
        assert refused.broken() == [(f"segments.{segment.id}", "in_use")]
        assert "twitter" in refused.body["errors"][0]["message"]
    assert call(api, "PATCH", path, {"name": "Pájaro azul"}).body["name"] == "Pájaro azul"
    definitions.delete("segments", segment.id)
    assert call(api, "PATCH", path, other, headers={"if-match": '"1"'}).status == 409
    assert call(api, "PATCH", path, other, headers={"if-match": '"2"'}).body["condition"] == other["condition"]
    assert call(api, "DELETE", path).status == 204
    assert call(api, "GET", path).status == 404
