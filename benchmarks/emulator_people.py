"""Contacts by the thousand on an emulator: written to their table as the product writes them, without their events.

An import makes them too (`emulator_import.py`), at the price of a transaction each; here only their number matters.
What follows is the product's: the stream, the projection, the lake.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from gotero.adapters.dynamodb import keys
from gotero.domain import validation
from gotero.domain.ids import derived_id
from gotero.domain.modules import MODULES
from gotero.domain.record import Ref
from infra.local.stack import Stack, wait_until

#: DynamoDB's own limit of one batch.
_BATCH = 25
NAMES = ("Ana", "Íñigo", "Núria", "Zoe", "Luis", "María", "José", "Begoña")
SURNAMES = ("Núñez", "Ñoño", "Peña", "Pérez", "Ochoa", "Nadal", "García", "Muñoz")
CITIES = ("Valencia", "Madrid", "Bilbao", "Sevilla", "Cádiz", "León", "Ávila", "Logroño")
ORIGINS = ("Twitter", "Web Site", "Trade Show", "Other")
Values = dict[str, Any]


def people(count: int, word: str) -> Iterator[Values]:
    """What the shop would know of them; every address is another one, and begins with the word."""
    random = Random(count)
    for number in range(count):
        yield {
            "firstname": random.choice(NAMES),
            "lastname": f"{random.choice(SURNAMES)} {random.choice(SURNAMES)}",
            "email": f"{word.casefold()}.{number}@correo.example",
            "leadsource": random.choice(ORIGINS),
            "city": random.choice(CITIES),
            "birthday": f"{random.randrange(1950, 2005)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}",
        }


def named(word: str) -> dict[str, Any]:
    """The condition that finds them."""
    return {"field": "email", "op": "starts_with", "value": f"{word.casefold()}."}


def count(stack: Stack, condition: dict[str, Any] | None) -> dict[str, Any]:
    asked = {"module": "contacts", **({"condition": condition} if condition else {})}
    found: dict[str, Any] = stack.api("POST", "/v1/filters/count", asked)
    return found


def seed(stack: Stack, number: int, word: str) -> list[str]:
    """So many contacts in their table, and in the lake; their ids."""
    table, client = stack.environment["RECORDS_TABLE"], stack.aws("dynamodb")
    owner, now = stack.api("GET", "/v1/users")["items"][0]["id"], stack.clock.now()
    ids = [derived_id("benchmark", word, str(n)) for n in range(number)]
    made = zip(ids, people(number, word), strict=True)
    items = (item for n, (id, values) in enumerate(made) for item in _items(id, n, values, owner, now))
    while batch := list(islice(items, _BATCH)):
        left = {table: [{"PutRequest": {"Item": item}} for item in batch]}
        while left:
            left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]
    wait_until(lambda: bool(count(stack, named(word))["count"] == number), 60 + number / 50, "the lake")
    return ids


def _items(id: str, number: int, values: Values, owner: str, now: str) -> Iterator[dict[str, Any]]:
    ref, module = Ref("contacts", id), MODULES["contacts"]
    record = {
        "module": ref.module,
        "id": id,
        "number": f"CON-B{number:06d}",
        "owner": owner,
        "tags": [],
        "values": values,
        "created_at": now,
        "created_by": owner,
        "updated_at": now,
        "version": 1,
    }
    yield _item(keys.record(ref), keys.SELF, **record)
    for field, value in validation.unique_keys(module, values).items():
        yield _item(keys.unique(ref.module, field, value), keys.SELF, holder=id)
    for address in validation.addresses(module, values):
        yield _item(keys.address(address), keys.record(ref))


def _item(pk: str, sk: str, **attributes: Any) -> dict[str, Any]:
    write = TypeSerializer().serialize
    return {name: write(value) for name, value in {"pk": pk, "sk": sk, **attributes}.items()}
