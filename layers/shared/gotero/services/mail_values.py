"""What the merge tags of a message read: the same for the mail and for the page that shows it again."""

from collections.abc import Mapping, Sequence

from gotero.domain.letter import DATA, Letter
from gotero.domain.mail_context import EXAMPLE, mail_context
from gotero.domain.message import Message
from gotero.domain.record import Record, Ref
from gotero.domain.sender_identity import COMPANY
from gotero.domain.user import User
from gotero.domain.utm import marks
from gotero.ports import Definitions, Json, Letters, Records
from gotero.services.find_sight import sight_of

#: Their recipients are people of the house, or nobody in particular: no record stands behind them.
UNRECORDED = frozenset({"test"})


def read_records(records: Records, messages: Sequence[Message]) -> dict[Ref, Record]:
    """Every record that the mails of these messages read, strongly consistent."""
    refs = list(dict.fromkeys(ref for message in messages for ref in _refs(message)))
    found = records.get_many(refs) if refs else {}
    # The account of whomever a test mail is about: it stands on that record, and not on the message.
    accounts = {account for message in messages if (account := _account(message, found))} - found.keys()
    return {**found, **records.get_many(list(accounts))} if accounts else found


def as_shown(definitions: Definitions, message: Message, records: Mapping[Ref, Record]) -> Mapping[Ref, Record]:
    """Of what stands around whom a test mail is about, what whoever asked for it sees: it is sent to him."""
    if message.key.source_kind not in UNRECORDED or message.cause.kind != "user":
        return records
    sight = sight_of(definitions, message.cause.id)
    return {ref: record for ref, record in records.items() if sight.sees(ref, record.owner)}


def letter_of(letters: Letters, message: Message) -> Letter | None:
    """What this mail alone has, if it has any."""
    return letters.get(message.key.source_id) if message.key.source_kind == "tx" else None


def owner_of(definitions: Definitions, message: Message, records: Mapping[Ref, Record]) -> User | None:
    """The owner of the recipient's record; of a message whose recipient has none, the message's."""
    recipient = records.get(message.key.recipient)
    return find_user(definitions, recipient.owner if recipient else message.owner)


def find_user(definitions: Definitions, user_id: str) -> User | None:
    found = definitions.seen_one("users", user_id) if user_id else None
    return User.from_json(found.id, found.data) if found else None


def mail_values(
    message: Message, records: Mapping[Ref, Record], company: Json, owner: User | None, letter: Letter | None
) -> Json:
    """The values. A test mail is about the record it was asked for, or about an invented person."""
    mailing = message.mailing
    unrecorded = message.key.source_kind in UNRECORDED
    about = mailing.subject if unrecorded else message.key.recipient
    record = records.get(about) if about else None
    if record is None:
        return {**EXAMPLE, "company": {**EXAMPLE["company"], **company}}
    account = _account(message, records)
    others = [Ref("campaigns", mailing.campaign)] if mailing.campaign else []
    if mailing.subject and not unrecorded:
        others.append(mailing.subject)
    values = mail_context(
        record,
        account=records.get(account) if account else None,
        owner={"name": owner.name, "email": owner.email} if owner and mailing.sender != COMPANY else {},
        company=company,
        about=[records[ref] for ref in others if ref in records],
    )
    return {**values, DATA: dict(letter.data)} if letter else values


def link_marks(message: Message, records: Mapping[Ref, Record]) -> dict[str, str]:
    """What the campaign adds to the links of its mails."""
    campaign = records.get(Ref("campaigns", message.mailing.campaign)) if message.mailing.campaign else None
    return marks(campaign.values) if campaign else {}


def _refs(message: Message) -> list[Ref]:
    mailing = message.mailing
    named = [None if message.key.source_kind in UNRECORDED else message.key.recipient, mailing.subject]
    named += [Ref("accounts", mailing.account)] if mailing.account else []
    named += [Ref("campaigns", mailing.campaign)] if mailing.campaign else []
    return [ref for ref in named if ref]


def _account(message: Message, records: Mapping[Ref, Record]) -> Ref | None:
    mailing = message.mailing
    if mailing.account:
        return Ref("accounts", mailing.account)
    about = records.get(mailing.subject) if mailing.subject and message.key.source_kind in UNRECORDED else None
    account = about.values.get("account") if about and about.module == "contacts" else None
    return Ref("accounts", account) if isinstance(account, str) and account else None
