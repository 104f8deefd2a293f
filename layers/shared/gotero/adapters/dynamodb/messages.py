"""Messages: the ledger of every mail, as records of module `messages` with what only the ledger needs beside them.

Access patterns: one message by its key, which its id spells out; some by their keys; all writes conditional. Lists by
campaign or state come from the lake. An item looks like one of Records (`records.record_of` reads it), so that streams,
workflows and lake treat messages as any module; `ledger` is JSON text, read and written as a whole. `event` is there
only when workflows may see the write.
The same table holds the suppression list (suppressions.py): whoever plans or sends a mail must read both.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.errors import ConflictError
from gotero.domain.message import Claim, Feedback, Mailing, Message, MessageKey, State
from gotero.domain.record import Cause, Ref
from gotero.ports import Json

_THREADS = 8
_NO_VERDICT = Feedback().verdict


class MessageItem(Item):
    class Meta:
        table_name = FromEnv("MESSAGES_TABLE")

    module = UnicodeAttribute()
    id = UnicodeAttribute()
    number = UnicodeAttribute()
    owner = UnicodeAttribute()
    tags: ListAttribute[Any] = ListAttribute(default=list)
    values: MapAttribute[str, Any] = MapAttribute()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    version = NumberAttribute()
    ledger = UnicodeAttribute()
    event = UnicodeAttribute(null=True)


def message_item(message: Message, notice: Json | None) -> MessageItem:
    record = message.to_record()
    return MessageItem(
        keys.record(message.key.recipient),
        keys.message(message.key),
        module=record.module,
        id=record.id,
        number=record.number,
        owner=record.owner,
        values=dict(record.values),
        created_at=record.created_at,
        created_by=record.created_by,
        updated_at=record.updated_at,
        version=record.version,
        ledger=json.dumps(_ledger(message), ensure_ascii=False, separators=(",", ":")),
        event=json.dumps(notice, ensure_ascii=False) if notice else None,
    )


def _ledger(message: Message) -> Json:
    """What `to_record` does not say. Empty parts are left out: the item is written at every step."""
    mailing = {k: v for k, v in asdict(message.mailing).items() if v not in (None, "")}
    feedback = {k: v for k, v in asdict(message.feedback).items() if v not in ("", 0, {}, _NO_VERDICT)}
    ledger: Json = {"mailing": mailing, "cause": message.cause.to_json(), "state": str(message.state)}
    if message.claim:
        ledger["claim"] = asdict(message.claim)
    if feedback:
        ledger["feedback"] = feedback
    facts = ("reason", "subject_line", "provider_id", "sent_at", "template_version", "counted")
    return ledger | {name: getattr(message, name) for name in facts if getattr(message, name)}


def message_of(image: Mapping[str, Any]) -> Message:
    """The message in an item, or in the image of a stream."""
    ledger: Json = json.loads(image["ledger"])
    return Message(
        key=MessageKey.parse(image["id"]),
        number=image["number"],
        owner=image["owner"],
        mailing=_mailing(ledger.pop("mailing")),
        cause=Cause.from_json(ledger.pop("cause")),
        created_at=image["created_at"],
        updated_at=image["updated_at"],
        state=State(ledger.pop("state")),
        claim=Claim(**ledger.pop("claim")) if "claim" in ledger else None,
        feedback=_feedback(ledger.pop("feedback", {})),
        version=int(image["version"]),
        **ledger,
    )


def _mailing(data: Json) -> Mailing:
    subject = data.pop("subject", None)
    return Mailing(**{"address": "", **data}, subject=Ref.from_json(subject) if subject else None)


def _feedback(data: Json) -> Feedback:
    if "seen" in data:
        data["seen"] = {kind: tuple(ids) for kind, ids in data["seen"].items()}
    if "verdict" in data:
        data["verdict"] = tuple(data["verdict"])
    return Feedback(**data)


class DynamoMessages:
    """`Messages` on DynamoDB."""

    def get(self, key: MessageKey) -> Message | None:
        try:
            item = MessageItem.get(keys.record(key.recipient), keys.message(key), consistent_read=True)
        except MessageItem.DoesNotExist:
            return None
        return message_of(item.attribute_values)

    def get_many(self, keys_: Sequence[MessageKey]) -> dict[MessageKey, Message]:
        wanted = [(keys.record(key.recipient), keys.message(key)) for key in dict.fromkeys(keys_)]
        found = MessageItem.batch_get(wanted, consistent_read=True) if wanted else ()
        messages = (message_of(item.attribute_values) for item in found)
        return {message.key: message for message in messages}

    def create(self, message: Message, notice: Json) -> bool:
        return _put(message_item(message, notice), MessageItem.pk.does_not_exist())

    def create_many(self, messages: Sequence[tuple[Message, Json]]) -> None:
        # One conditional write each: a batch write cannot be conditional, and a late one would undo what was sent.
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(lambda pair: self.create(*pair), messages):
                pass

    def save(self, message: Message, notice: Json | None) -> None:
        if not _put(message_item(message, notice), MessageItem.version == message.version - 1):
            raise ConflictError("the message has another version")


def _put(item: MessageItem, condition: Any) -> bool:
    """Whether the condition held."""
    try:
        item.save(condition=condition)
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
