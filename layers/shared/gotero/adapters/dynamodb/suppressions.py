"""The suppression list, in the table of the messages: everybody who plans or sends a mail may read it already.

Access patterns: some addresses; all of them by address, and those that begin with a text. The list is cut by the first
character of the address, so that it has an order without a partition that everything shares. An address that was taken
off leaves its instant behind: what happened before cannot bring it back. The items carry no `event`, so that workflows
never see them, and no `module`, by which the projection passes them by. Of somebody who was erased a keyed hash stands
in the address's place: every question asks for both keys of an address in one batch, for each secret that counts.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FAILED, PASSING, FromEnv, Item, codes_of, connection
from gotero.domain.errors import TransientError
from gotero.domain.suppression import Suppression, keyed_hash

#: DynamoDB takes no more actions in one transaction.
_AT_ONCE = 100
#: Slices of a long list that are read and written side by side: ten thousand addresses are a hundred slices.
_LANES = 8


class _Table:
    table_name = FromEnv("MESSAGES_TABLE")


class SuppressionItem(Item):
    class Meta(_Table):
        pass

    reason = UnicodeAttribute()
    at = UnicodeAttribute()
    message = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)


class ReleaseItem(Item):
    """When an address was last taken off the list."""

    class Meta(_Table):
        pass

    at = UnicodeAttribute()


class DynamoSuppressions:
    """`Suppressions` on DynamoDB."""

    def __init__(self, secrets: Callable[[], Sequence[str]]) -> None:
        """`secrets`: the one that hashes are made with, and one before it that still counts."""
        self._secrets = secrets

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]:
        found = self._items(set(address_keys))
        # What stands there in clear is told as it stands; of the erased the reason alone.
        return {key: suppression_of(item, key) for key, items in found.items() for item in items[-1:]}

    def _items(self, address_keys: set[str]) -> dict[str, list[SuppressionItem]]:
        """Address -> what stands for it, hashes first."""
        wanted = {place: key for key in address_keys for place in (*self._hashed(key), keys.suppression(key))}
        items = SuppressionItem.batch_get(list(wanted), consistent_read=True) if wanted else ()
        found: dict[str, list[SuppressionItem]] = {}
        for item in sorted(items, key=lambda item: str(item.pk)):
            found.setdefault(wanted[item.pk, item.sk], []).append(item)
        return found

    def _hashed(self, address_key: str) -> list[tuple[str, str]]:
        secrets = self._secrets()
        if not secrets:
            raise TransientError("without the secret nobody knows who was erased")
        return [keys.erased(keyed_hash(secret.encode(), address_key)) for secret in secrets]

    def released(self, address_keys: Iterable[str]) -> dict[str, str]:
        wanted = [keys.release(key) for key in address_keys]
        found = ReleaseItem.batch_get(wanted, consistent_read=True) if wanted else ()
        return {item.sk: item.at for item in found}

    def add(self, suppression: Suppression) -> bool:
        key = keys.release(suppression.address_key)
        not_released_since = ReleaseItem.pk.does_not_exist() | (ReleaseItem.at < suppression.at)
        try:
            with TransactWrite(connection=connection()) as write:
                write.condition_check(ReleaseItem, *key, condition=not_released_since)
                write.save(_item(suppression), condition=SuppressionItem.pk.does_not_exist())
        except TransactWriteError as error:
            return _refused(error)
        return True

    def add_many(self, suppressions: Sequence[Suppression]) -> int:
        # Of one that is named twice the first stays, as it would one by one.
        named = list({s.address_key: s for s in reversed(suppressions)}.values())
        slices = [named[start : start + _AT_ONCE] for start in range(0, len(named), _AT_ONCE)]
        connection()  # made by one thread alone
        with ThreadPoolExecutor(_LANES) as lanes:
            return sum(lanes.map(self._add_slice, slices))

    def _add_slice(self, some: Sequence[Suppression]) -> int:
        """Whoever stands there, in whatever form, is told from the others before they are written."""
        known = self.get_many({suppression.address_key for suppression in some})
        return _add_some([suppression for suppression in some if suppression.address_key not in known])

    def remove(self, address_key: str, at: str) -> bool:
        items = self._items({address_key}).get(address_key, [])
        if not items:
            return False
        try:
            with TransactWrite(connection=connection()) as write:
                for item in items:
                    write.delete(SuppressionItem(item.pk, item.sk), condition=SuppressionItem.pk.exists())
                write.save(ReleaseItem(*keys.release(address_key), at=at))
        except TransactWriteError as error:
            return _refused(error)
        return True

    def erase(self, address_keys: Iterable[str], objected_at: str = "") -> None:
        for key in sorted(set(address_keys)):
            known = self.get_many([key]).get(key)
            with TransactWrite(connection=connection()) as write:
                write.delete(SuppressionItem(*keys.suppression(key)))
                write.delete(ReleaseItem(*keys.release(key)))
                if known or objected_at:
                    reason, at = (known.reason, known.at) if known else ("manual", objected_at)
                    write.save(SuppressionItem(*self._hashed(key)[0], reason=reason, at=at))

    def page(self, prefix: str, limit: int, after: str | None) -> tuple[list[Suppression], str | None]:
        found: list[SuppressionItem] = []
        for part in keys.suppression_parts(prefix):
            if after and part < keys.suppression(after)[0]:
                continue
            condition = SuppressionItem.sk.startswith(prefix) if prefix else None
            start = {"pk": {"S": part}, "sk": {"S": after}} if after and part == keys.suppression(after)[0] else None
            found += SuppressionItem.query(
                part, condition, limit=limit + 1 - len(found), last_evaluated_key=start, consistent_read=True
            )
            if len(found) > limit:
                break
        listed = [suppression_of(item, item.sk) for item in found[:limit]]
        return listed, listed[-1].address_key if len(found) > limit else None


def _add_some(some: Sequence[Suppression]) -> int:
    """Those that nobody has put there since the list was read: a complaint that came meanwhile stays, as it is."""
    while some:
        try:
            with TransactWrite(connection=connection()) as write:
                for suppression in some:
                    write.save(_item(suppression), condition=SuppressionItem.pk.does_not_exist())
        except TransactWriteError as error:
            _refused(error)
            some = [s for s, code in zip(some, codes_of(error), strict=True) if code != FAILED]
        else:
            return len(some)
    return 0


def _refused(error: TransactWriteError) -> bool:
    """False for a condition that did not hold; anything else is raised."""
    codes = codes_of(error)
    if FAILED in codes:
        return False
    if PASSING.intersection(codes):
        raise TransientError("another transaction is at work on the same address") from error
    raise error


def _item(suppression: Suppression) -> SuppressionItem:
    return SuppressionItem(
        *keys.suppression(suppression.address_key),
        reason=suppression.reason,
        at=suppression.at,
        message=suppression.message or None,
        by=suppression.by or None,
        note=suppression.note or None,
    )


def suppression_of(item: SuppressionItem, address_key: str) -> Suppression:
    return Suppression(address_key, item.reason, item.at, item.message or "", item.by or "", item.note or "")  # type: ignore[arg-type]  # written by _item alone
