"""The suppression list, in the table of the messages: everybody who plans or sends a mail may read it already.

Access patterns: some addresses by their keys, hashed. The items carry no `event`, so that workflows never see them, and
no `module`, by which the projection passes them by.
"""

from collections.abc import Iterable

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.suppression import Suppression


class SuppressionItem(Item):
    class Meta:
        table_name = FromEnv("MESSAGES_TABLE")

    address_key = UnicodeAttribute()
    reason = UnicodeAttribute()
    at = UnicodeAttribute()
    message = UnicodeAttribute(null=True)


class DynamoSuppressions:
    """`Suppressions` on DynamoDB."""

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]:
        wanted = [(keys.suppression(key), keys.SELF) for key in address_keys]
        found = SuppressionItem.batch_get(wanted, consistent_read=True) if wanted else ()
        return {i.address_key: Suppression(i.address_key, i.reason, i.at, i.message or "") for i in found}  # type: ignore[arg-type]  # written by add alone

    def add(self, suppression: Suppression) -> None:
        item = SuppressionItem(
            keys.suppression(suppression.address_key),
            keys.SELF,
            address_key=suppression.address_key,
            reason=suppression.reason,
            at=suppression.at,
            message=suppression.message or None,
        )
        try:
            item.save(condition=SuppressionItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise

    def remove(self, address_key: str) -> None:
        SuppressionItem(keys.suppression(address_key), keys.SELF).delete()
