"""Definitions: segments, workflows, forms, templates, actions, plans, users, settings… small and cached by version.

Access patterns: one by kind and id; all of a kind (one partition, tens to hundreds of items), served from memory
while the kind's version item has not moved; the versions of all kinds at once; the visible numbers of records.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FAILED, FromEnv, Item, codes_of, connection, plain
from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError, TransientError
from gotero.domain.numbering import Numbering
from gotero.ports import Definition

#: Of those that were asked for one by one; strangers ask for forms under as many names as they like.
_KEPT = 1000


class _Table:
    table_name = FromEnv("DEFINITIONS_TABLE")


class DefinitionItem(Item):
    class Meta(_Table):
        pass

    data: MapAttribute[str, Any] = MapAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    cause: MapAttribute[str, Any] = MapAttribute()
    #: The sort keys of the names it holds, to release them.
    names: ListAttribute[Any] = ListAttribute(default=list)


class NameItem(Item):
    class Meta(_Table):
        pass

    holder = UnicodeAttribute()


class NumberItem(Item):
    """How often a kind has changed, or the last number given to a module."""

    class Meta(_Table):
        pass

    n = NumberAttribute()
    #: How the numbers are written, where the settings say so; it comes back with every number that is drawn.
    prefix = UnicodeAttribute(null=True)
    padding = NumberAttribute(null=True)


def _definition(item: DefinitionItem) -> Definition:
    return Definition(
        item.pk, item.sk, plain(item.data), int(item.version), item.created_at, item.updated_at, plain(item.cause)
    )


class DynamoDefinitions:
    """`Definitions` on DynamoDB. One instance a process: it keeps what it has read, by version."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[int, list[Definition]]] = {}
        self._looked: dict[str, int] | None = None
        self._seen: dict[tuple[str, str], tuple[int, Definition | None]] = {}

    def get(self, kind: str, id: str) -> Definition | None:
        try:
            return _definition(DefinitionItem.get(kind, id, consistent_read=True))
        except DefinitionItem.DoesNotExist:
            return None

    def all(self, kind: str) -> list[Definition]:
        return self._since(kind, self._version(kind))

    def look(self) -> None:
        # As the answer has them: some twenty small items, with every request, are too many for a model of each.
        answer: Any = NumberItem._get_connection().query(keys.VERSIONS, consistent_read=True)
        self._looked = {item["sk"]["S"]: int(item["n"]["N"]) for item in answer["Items"]}

    def seen(self, kind: str) -> list[Definition]:
        return self.all(kind) if self._looked is None else self._since(kind, self._looked.get(kind, 0))

    def seen_one(self, kind: str, id: str) -> Definition | None:
        if self._looked is None:
            return self.get(kind, id)
        version = self._looked.get(kind, 0)
        known = self._seen.get((kind, id))
        if known is None or known[0] < version:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            known = self._seen[kind, id] = (version, self.get(kind, id))
        return known[1]

    def _since(self, kind: str, version: int) -> list[Definition]:
        """As they are, or were at a later version than this one."""
        known = self._read.get(kind)
        if known is None or known[0] < version:
            known = (version, [_definition(item) for item in DefinitionItem.query(kind, consistent_read=True)])
            self._read[kind] = known
        return known[1]

    def put(self, definition: Definition, *, names: Mapping[str, str] | None = None) -> None:
        held = {keys.name(field, value): field for field, value in (names or {}).items()}
        before = self._item(definition) if definition.version > 1 else None
        item = DefinitionItem(
            definition.kind,
            definition.id,
            data=definition.data,
            version=definition.version,
            created_at=definition.created_at,
            updated_at=definition.updated_at,
            cause=definition.cause,
            names=sorted(held),
        )
        condition = DefinitionItem.version == definition.version - 1 if before else DefinitionItem.pk.does_not_exist()
        try:
            with TransactWrite(connection=connection()) as write:
                write.save(item, condition=condition)
                write.update(NumberItem(keys.VERSIONS, definition.kind), actions=[NumberItem.n.add(1)])
                for name in sorted(held):
                    write.save(
                        NameItem(keys.names(definition.kind), name, holder=definition.id),
                        condition=NameItem.pk.does_not_exist() | (NameItem.holder == definition.id),
                    )
                for name in before.names if before else ():
                    if name not in held:
                        write.delete(NameItem(keys.names(definition.kind), name))
        except TransactWriteError as refused:
            released = [n for n in before.names if n not in held] if before else []
            self._refuse(refused, definition, held, deletes=len(released))

    def delete(self, kind: str, id: str) -> None:
        try:
            item = DefinitionItem.get(kind, id, consistent_read=True)
        except DefinitionItem.DoesNotExist as error:
            raise NotFoundError(kind) from error
        try:
            with TransactWrite(connection=connection()) as write:
                # As it was read: a change in between may have taken names that would be held for ever.
                write.delete(item, condition=DefinitionItem.version == item.version)
                write.update(NumberItem(keys.VERSIONS, kind), actions=[NumberItem.n.add(1)])
                for name in item.names:
                    write.delete(NameItem(keys.names(kind), name))
        except TransactWriteError as refused:
            raise TransientError("the definition is being written by somebody else") from refused

    def _item(self, definition: Definition) -> DefinitionItem:
        try:
            return DefinitionItem.get(definition.kind, definition.id, consistent_read=True)
        except DefinitionItem.DoesNotExist as error:
            raise NotFoundError(definition.kind) from error

    def _holder(self, kind: str, name: str) -> str | None:
        try:
            return NameItem.get(keys.names(kind), name, consistent_read=True).holder
        except NameItem.DoesNotExist:
            return None  # just released

    def _version(self, kind: str) -> int:
        try:
            return int(NumberItem.get(keys.VERSIONS, kind, consistent_read=True).n)
        except NumberItem.DoesNotExist:
            return 0

    def _refuse(
        self, refused: TransactWriteError, definition: Definition, held: Mapping[str, str], deletes: int
    ) -> None:
        own, *taken = codes_of(refused)[deletes:] or [""]
        for name, code in zip(sorted(held), taken, strict=False):
            if code == FAILED:
                holder = self._holder(definition.kind, name)
                if holder:
                    raise DuplicateError(held[name], holder) from refused
        if own == FAILED:
            raise ConflictError("the definition has another version") from refused
        raise TransientError("the definition could not be written") from refused


class DynamoNumbers:
    """`Numbers`: one item a module. A number is given once; a crash after it leaves a gap."""

    def draw(self, kind: str, count: int, usual: Numbering) -> list[str]:
        item = NumberItem(keys.NUMBERS, kind)
        item.update(actions=[NumberItem.n.add(count)])
        last = int(item.n)
        numbering = usual if item.prefix is None else Numbering(item.prefix, int(item.padding or 0))
        return [numbering.text(number) for number in range(last - count + 1, last + 1)]

    def write_as(self, kind: str, numbering: Numbering) -> None:
        NumberItem(keys.NUMBERS, kind).update(
            actions=[NumberItem.prefix.set(numbering.prefix), NumberItem.padding.set(numbering.padding)]
        )

    def start_at(self, kind: str, number: int) -> None:
        unless_past = NumberItem.n.does_not_exist() | (NumberItem.n < number - 1)
        try:
            NumberItem(keys.NUMBERS, kind).update(actions=[NumberItem.n.set(number - 1)], condition=unless_past)
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise

    def given(self) -> Mapping[str, tuple[int, Numbering | None]]:
        # One query: an item a module. One whose way of writing was set before any was drawn has no number yet.
        return {
            item.sk: (int(item.n or 0), None if item.prefix is None else Numbering(item.prefix, int(item.padding or 0)))
            for item in NumberItem.query(keys.NUMBERS, consistent_read=True)
        }
