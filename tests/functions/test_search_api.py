"""/v1/search as a client meets it: words in every module at once."""

import pytest

from functions.records_api.app import api
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.world import SetClock
from gotero.entry import wiring
from gotero.ports import LakeRow
from tests.functions.admin_request import LUCIA, call

AT = "2026-11-21T09:00:00.000Z"


def row(module: str, id: str, number: str, **values: str) -> LakeRow:
    data = {"module": module, "id": id, "number": number, "owner": "lucia", "tags": [], "created_at": AT}
    return LakeRow(id, 1, {**data, "updated_at": AT, "created_by": "lucia", "version": 1, "values": values})


@pytest.fixture(autouse=True)
def lake(monkeypatch: pytest.MonkeyPatch) -> MemoryLake:
    lake = MemoryLake(SetClock())
    contacts = [row("contacts", f"c{i}", f"CON-{i}", firstname="Lía", lastname="Núñez") for i in range(7)]
    lake.append("contacts", [*contacts, row("contacts", "other", "CON-9", lastname="Roig")], AT)
    lake.append("accounts", [row("accounts", "a1", "ACC-1", accountname="Hermanos Nunez")], AT)
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    return lake


def test_words_find_records_of_all_modules_whatever_their_accents() -> None:
    answer = call(api, "GET", "/v1/search", query={"q": " nunez ", "limit": "3"})
    assert answer.status == 200
    assert (answer.body["count"], answer.body["counts"]) == (8, {"contacts": 7, "accounts": 1})
    assert [item["module"] for item in answer.body["items"]] == ["contacts"] * 3 + ["accounts"]
    assert answer.body["items"][-1] == {
        "module": "accounts",
        "id": "a1",
        "number": "ACC-1",
        "title": "Hermanos Nunez",
    }
    assert answer.body["exact"]


def test_what_nothing_has_finds_nothing() -> None:
    answer = call(api, "GET", "/v1/search", query={"q": "zzz"})
    assert (answer.body["items"], answer.body["counts"], answer.body["count"]) == ([], {}, 0)


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": " n "}])
def test_too_little_to_look_for_is_told(query: dict[str, str]) -> None:
    answer = call(api, "GET", "/v1/search", query=query)
    assert (answer.status, answer.broken()) == (422, [("q", "required")])
