"""What all items share: two text keys, and a table name that is read when used."""

import json
import os
from functools import cache
from typing import Any

from botocore.config import Config
from pynamodb.attributes import Attribute, MapAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.constants import BOOLEAN, LIST, MAP, NULL, NUMBER, STRING
from pynamodb.exceptions import TransactWriteError
from pynamodb.models import Model

from gotero.adapters.aws.signed_calls import USER_AGENT
from gotero.adapters.dynamodb.direct import DirectClient

#: DynamoDB's own limit of one batch request.
BATCH_GET = 100
#: Why a transaction was cancelled that can be written a moment later.
PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
FAILED = "ConditionalCheckFailed"


class FromEnv:
    """A table name read when it is used, not when the module is imported."""

    def __init__(self, variable: str) -> None:
        self._variable = variable

    def __get__(self, instance: object, owner: type | None = None) -> str:
        return os.environ[self._variable]


@cache
def connection() -> Connection:
    """One client for the whole process: making one costs a hundred milliseconds, more than any call.

    Senders call it from many threads; beyond its pool a connection would be thrown away after each call.
    """
    made = Connection(max_pool_connections=64)
    # The session is this thread's: the client has to be made from it now.
    made.session.set_default_client_config(Config(user_agent=USER_AGENT))
    direct: Any = DirectClient(made.client)
    made._client = direct
    return made


class Item(Model):
    """An item of one of our tables."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """pynamodb would make a client for each model; there is no public way to hand it one."""
        table = super()._get_connection()
        if table.connection._client is None:
            table.connection._client = connection().client
        return table


class Values(Attribute[dict[str, Any]]):
    """A map of plain values, read and written as one.

    pynamodb makes an object for each value of a map, and a map of messages has thirty: a tenth of what a mail costs.
    """

    attr_type = MAP

    def serialize(self, value: Any) -> Any:
        return {name: _tagged(each) for name, each in value.items()}

    def deserialize(self, value: Any) -> Any:
        return {name: _untagged(each) for name, each in value.items()}


def _tagged(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {STRING: value}
    if isinstance(value, bool):
        return {BOOLEAN: value}
    if value is None:
        return {NULL: True}
    if isinstance(value, dict):
        return {MAP: {name: _tagged(each) for name, each in value.items()}}
    if isinstance(value, list | tuple):
        return {LIST: [_tagged(each) for each in value]}
    return {NUMBER: json.dumps(value)}


def _untagged(value: dict[str, Any]) -> Any:
    ((tag, inner),) = value.items()
    if tag == NUMBER:
        return json.loads(inner)
    if tag == MAP:
        return {name: _untagged(each) for name, each in inner.items()}
    if tag == LIST:
        return [_untagged(each) for each in inner]
    return None if tag == NULL else inner


def plain(value: Any) -> Any:
    """The dict and list behind pynamodb's map attributes."""
    if isinstance(value, MapAttribute):
        return {k: plain(v) for k, v in value.attribute_values.items()}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def codes_of(refused: TransactWriteError) -> list[str]:
    """Why the transaction was cancelled, item by item; an empty text for one that was no reason.

    The order is that in which pynamodb sends them: checks, deletes, puts, updates.
    """
    return [reason.code if reason else "" for reason in refused.cancellation_reasons]
