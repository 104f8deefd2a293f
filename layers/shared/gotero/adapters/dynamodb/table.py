"""What all items share: two text keys, and a table name that is read when used."""

import os
from functools import cache
from typing import Any

from botocore.config import Config
from pynamodb.attributes import MapAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.models import Model

from gotero.adapters.aws.signed_calls import USER_AGENT
from gotero.adapters.dynamodb.direct import DirectClient

#: DynamoDB's own limit of one batch request.
BATCH_GET = 100


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


def plain(value: Any) -> Any:
    """The dict and list behind pynamodb's map attributes."""
    if isinstance(value, MapAttribute):
        return {k: plain(v) for k, v in value.attribute_values.items()}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value
