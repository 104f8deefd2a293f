"""Messages: the ledger of every mail, as records of module `messages` with what only the ledger needs beside them.

Access patterns: one message by its key, which its id spells out; some by their keys; all of a recipient (its
partition); all writes conditional. Lists by campaign or state come from the lake. An item looks like one of Records
(`records.record_of` reads it), so that streams, workflows and lake treat messages as any module; `ledger` is JSON
text, read and written as a whole. `event` is there only when workflows may see the write.
The same table holds the suppression list (suppressions.py): whoever plans or sends a mail must read both.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item, Values, plain
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.eligibility import EMAIL
from gotero.domain.errors import ConflictError
from gotero.domain.message import Claim, Feedback, Mailing, Message, MessageKey, State
from gotero.domain.record import Cause, Ref
from gotero.domain.sender_identity import RECIPIENT_OWNER
from gotero.ports import Json

_THREADS = 8
#: States whose reason is that of what came back.
_VERDICT = frozenset({State.DROPPED, State.BOUNCED})


class MessageItem(Item):
    class Meta:
        table_name = FromEnv("MESSAGES_TABLE")

    module = UnicodeAttribute()
    id = UnicodeAttribute()
    number = UnicodeAttribute()
    owner = UnicodeAttribute()
    tags: ListAttribute[Any] = ListAttribute(default=list)
    values = Values()
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
        event=json.dumps(notice, ensure_ascii=False, separators=(",", ":")) if notice else None,
    )


def _ledger(message: Message) -> Json:
    """What the values do not say already. The item is written at every step, and each KB begun is paid for."""
    mailing, back = message.mailing, message.feedback
    ledger: Json = {"to": mailing.address}
    if mailing.sender != RECIPIENT_OWNER:
        ledger["sender"] = mailing.sender
    if mailing.subject:
        ledger["about"] = mailing.subject.to_json()
    if mailing.email_field != EMAIL:
        ledger["field"] = mailing.email_field
    if mailing.enclosed:
        ledger["enclosed"] = mailing.enclosed.to_json()
    if mailing.job != _usual_job(message.key):
        ledger["job"] = mailing.job
    if message.cause != _usual_cause(mailing):
        ledger["cause"] = message.cause.to_json()
    if message.claim:
        ledger["claim"] = asdict(message.claim)
    if message.state is State.BOUNCED and back.delivered:
        # The values show one of the two.
        ledger["delivered"] = True
    if message.state in _VERDICT and message.reason:
        ledger["reason"] = message.reason
    facts = {name: getattr(message, name) for name in ("provider_id", "template_version", "reply_to", "counted")}
    traces = {name: getattr(back, name) for name in ("urls", "seen", "last_click_at")}
    if back.verdict != Feedback().verdict:
        traces["verdict"] = back.verdict
    return ledger | {name: value for name, value in (facts | traces).items() if value}


def _usual_job(key: MessageKey) -> str | None:
    return key.source_id if key.source_kind == "job" else None


def _usual_cause(mailing: Mailing) -> Cause:
    """Why a campaign's message exists."""
    return Cause("campaign", mailing.campaign or "", part=mailing.job)


def message_of(image: Mapping[str, Any]) -> Message:
    """The message in an item, or in the image of a stream."""
    ledger: Json = json.loads(image["ledger"])
    values: Json = plain(image["values"])
    key = MessageKey.parse(image["id"])
    mailing = _mailing(key, values, ledger)
    status = values["status"]
    state = State.PLANNED if status == "claimed" else State(status)
    return Message(
        key=key,
        number=image["number"],
        owner=image["owner"],
        mailing=mailing,
        cause=Cause.from_json(ledger["cause"]) if "cause" in ledger else _usual_cause(mailing),
        created_at=image["created_at"],
        updated_at=image["updated_at"],
        state=state,
        # The reason of a bounce is shown from its verdict: the message's own one stands in the ledger then.
        reason=ledger.get("reason", "") if state in _VERDICT else values.get("reason", ""),
        claim=Claim(**ledger["claim"]) if "claim" in ledger else None,
        subject_line=values.get("subject", ""),
        provider_id=ledger.get("provider_id", ""),
        sent_at=values.get("sent_at", ""),
        template_version=ledger.get("template_version", 0),
        reply_to=ledger.get("reply_to", ""),
        feedback=_feedback(state, values, ledger),
        counted=ledger.get("counted", False),
        version=int(image["version"]),
    )


def _mailing(key: MessageKey, values: Json, ledger: Json) -> Mailing:
    about = ledger.get("about")
    return Mailing(
        # A mail that was written for one recipient alone has no template.
        template_id=values.get("template_id", ""),
        template_name=values["template"],
        message_class=values["class"],
        sender=ledger.get("sender", RECIPIENT_OWNER),
        address=ledger["to"],
        campaign=values.get("campaign"),
        # Of an account's own message it is the recipient.
        account=None if key.recipient.module == "accounts" else values.get("account"),
        subject=Ref.from_json(about) if about else None,
        job=ledger["job"] if "job" in ledger else _usual_job(key),
        email_field=ledger.get("field", EMAIL),
        enclosed=Enclosed.from_json(ledger["enclosed"]) if "enclosed" in ledger else NOTHING,
    )


def _feedback(state: State, values: Json, ledger: Json) -> Feedback:
    told: Json = {name: int(values[name]) for name in ("opened", "clicked", "opens_all", "clicks_all", "bounced")}
    told |= {name: values[name] for name in ("delivered", "spam", "unsubscribed")}
    told |= {name: values.get(name, "") for name in ("bounce_type", "delivered_at", "last_event_at", "last_url")}
    told["delivered"] = told["delivered"] or ledger.get("delivered", False)
    return Feedback(
        **told,
        # What was skipped counts as dropped, and nothing came back about it.
        dropped=values["dropped"] and state is not State.SKIPPED,
        last_click_at=ledger.get("last_click_at", ""),
        urls=ledger.get("urls", {}),
        seen={kind: tuple(ids) for kind, ids in ledger.get("seen", {}).items()},
        verdict=tuple(ledger["verdict"]) if "verdict" in ledger else Feedback().verdict,
    )


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

    def of(self, recipient: Ref) -> list[Message]:
        found = MessageItem.query(keys.record(recipient), consistent_read=True)
        return [message_of(item.attribute_values) for item in found]

    def create(self, message: Message, notice: Json) -> bool:
        return _put(message_item(message, notice), MessageItem.pk.does_not_exist())

    def create_many(self, messages: Sequence[tuple[Message, Json]]) -> list[MessageKey]:
        # One conditional write each: a batch write cannot be conditional, and a late one would undo what was sent.
        with ThreadPoolExecutor(_THREADS) as pool:
            written = pool.map(lambda pair: self.create(*pair), messages)
            return [message.key for (message, _), new in zip(messages, written, strict=True) if not new]

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
