"""The suppression list: the first reason stays, a removal ends what came before, of the erased a hash is known."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

import pytest

from gotero.adapters.dynamodb.suppressions import DynamoSuppressions, SuppressionItem
from gotero.domain.errors import TransientError
from gotero.domain.suppression import Suppression
from tests.unit.adapters.sending.samples import AT, Stores


def test_the_first_reason_of_a_suppression_stays(stores: Stores) -> None:
    stores.suppressions.add(Suppression("ana@example.com", "hard_bounce", AT, "m1"))
    stores.suppressions.add(Suppression("ana@example.com", "complaint", AT, "m2"))
    found = stores.suppressions.get_many(["ana@example.com", "luis@example.com"])
    assert found == {"ana@example.com": Suppression("ana@example.com", "hard_bounce", AT, "m1")}
    assert stores.suppressions.remove("ana@example.com", AT)
    assert stores.suppressions.get_many(["ana@example.com"]) == {}
    assert not stores.suppressions.remove("ana@example.com", AT)


def test_what_happened_before_a_removal_brings_nobody_back(stores: Stores) -> None:
    suppressions = stores.suppressions
    assert suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    assert not suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    suppressions.remove("ana@example.com", "2026-11-22T09:00:00.000Z")
    assert suppressions.released(["ana@example.com", "luis@example.com"]) == {
        "ana@example.com": "2026-11-22T09:00:00.000Z"
    }
    assert not suppressions.add(Suppression("ana@example.com", "hard_bounce", AT))
    assert suppressions.add(Suppression("ana@example.com", "hard_bounce", "2026-11-23T09:00:00.000Z"))


def test_of_somebody_who_was_erased_a_keyed_hash_suppresses(stores: Stores) -> None:
    suppressions = stores.suppressions
    suppressions.add(Suppression("ana@example.com", "complaint", AT, "m1", "marc", "Ana lo pidió"))
    suppressions.add(Suppression("luis@example.com", "manual", AT))
    suppressions.remove("luis@example.com", AT)
    for _ in range(2):
        suppressions.erase(["ana@example.com", "luis@example.com"])
    found = suppressions.get_many(["ana@example.com", "luis@example.com"])
    assert found == {"ana@example.com": Suppression("ana@example.com", "complaint", AT)}
    assert suppressions.page("", 10, None) == ([], None)
    assert suppressions.released(["luis@example.com"]) == {}
    assert suppressions.add_many([Suppression("ana@example.com", "import", AT)]) == 0, "a list brings nothing back"
    suppressions.erase(["luis@example.com"], AT)
    assert suppressions.get_many(["luis@example.com"])["luis@example.com"].reason == "manual"
    assert suppressions.remove("ana@example.com", AT)
    assert suppressions.get_many(["ana@example.com"]) == {}


def test_a_list_replaces_nothing_that_was_put_there_before_or_meanwhile(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppressions = stores.suppressions
    told = [
        Suppression("ana@example.com", "complaint", AT, "m1"),
        Suppression("luis@example.com", "hard_bounce", AT, "m2", note="550"),
    ]
    assert suppressions.add(told[0])
    asked = suppressions.get_many

    def overtaken(keys: Iterable[str]) -> dict[str, Suppression]:
        """The bounce arrives after the import has looked."""
        found = asked(keys)
        suppressions.add(told[1])
        return found

    later = "2026-11-23T09:00:00.000Z"
    names = ("ana", "luis", *(f"n{number}" for number in range(120)))
    new = [Suppression(f"{name}@example.com", "import", later, by="u1") for name in names]
    twice = Suppression("n0@example.com", "import", later, by="u2")
    with monkeypatch.context() as patch:
        patch.setattr(suppressions, "get_many", overtaken)
        assert suppressions.add_many([*new, twice]) == 120
    found = suppressions.get_many(s.address_key for s in new)
    assert [found[s.address_key] for s in told] == told
    assert list(found.values()).count(new[2]) == 1
    assert len(found) == 122
    assert suppressions.add_many(new) == 0


def test_a_replaced_secret_still_counts_and_a_chunk_costs_one_read(
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> None:
    addresses = [f"a{number}@example.com" for number in range(50)]
    with dynamodb_tables():
        DynamoSuppressions(lambda: ("before",)).erase(addresses[:1], AT)
        assert list(DynamoSuppressions(lambda: ("new", "before")).get_many(addresses)) == addresses[:1]
        assert DynamoSuppressions(lambda: ("new",)).get_many(addresses) == {}
        asked: list[str] = []
        client = SuppressionItem._get_connection().connection.client
        client.meta.events.register("before-send.dynamodb.*", lambda event_name, **_: asked.append(event_name))
        DynamoSuppressions(lambda: ("before",)).get_many(addresses)
        assert asked == ["before-send.dynamodb.BatchGetItem"]
        with pytest.raises(TransientError):
            DynamoSuppressions(tuple).get_many(addresses)


def test_the_suppression_list_is_read_by_address_and_by_its_beginning(stores: Stores) -> None:
    suppressions = stores.suppressions
    new = [Suppression(f"{name}@example.com", "import", AT, by="u1") for name in ("zoe", "ana", "7up", "_x", "anton")]
    assert suppressions.add_many(new) == 5
    assert suppressions.add_many([*new, Suppression("ben@example.com", "import", AT)]) == 1
    listed: list[str] = []
    after: str | None = None
    while True:
        page, after = suppressions.page("", 2, after)
        listed += [suppression.address_key.partition("@")[0] for suppression in page]
        if after is None:
            break
    assert listed == ["_x", "7up", "ana", "anton", "ben", "zoe"]
    page, after = suppressions.page("an", 1, None)
    assert ([s.address_key for s in page], after) == (["ana@example.com"], "ana@example.com")
    page, after = suppressions.page("an", 1, after)
    assert ([s.address_key for s in page], after) == (["anton@example.com"], None)
    assert page[0].by == "u1"
