"""What a send decides about each recipient, asked before it is sent: the rule of the send itself."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from gotero.domain.audience import Audience
from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.message import MessageClass
from gotero.domain.record import Record, Ref
from gotero.ports import Definitions, Json, Judge, Lake, Records, Suppressions

WILL_SEND = "will_send"
_PAGE = 1000
#: Suppressed addresses that one preview reads: a hundred questions, some seconds and some megabytes.
MOST_LISTED = 100_000


@dataclass(frozen=True, slots=True)
class Previewer:
    """What a preview needs."""

    records: Records
    definitions: Definitions
    suppressions: Suppressions
    lake: Lake
    #: Mails a second that the provider grants.
    rate: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody is written to by themselves (two records with one address are not looked at here), and where."""

    ref: Ref
    record: Record | None
    address_key: str
    reason: str


def rule(audience: Audience, message_class: MessageClass, listed: Collection[str]) -> Judge:
    """The same for values of which nobody knows whose they are: the lake asks it of many at once."""

    def decide(module: str, values: Json | None, suppressed: bool | None) -> tuple[str, str]:
        if values is None:
            return "deleted", ""
        field = audience.email_field(module)
        to = mail_address(values, field)
        key = to.key if to else ""
        record = Record(module, "", "", "", values, "", "", "")
        stopped = key in listed if suppressed is None else suppressed
        return refusal(record, message_class, suppressed=stopped, field=field), key

    return decide


def listed_suppressed(previewer: Previewer) -> tuple[frozenset[str], bool]:
    """The list, as far as a preview can wait for it, and whether that is all of it.

    Whoever was erased, and is there again, is found out when the audience is frozen.
    """
    found: set[str] = set()
    after: str | None = None
    while len(found) < MOST_LISTED:
        page, after = previewer.suppressions.page("", _PAGE, after)
        found.update(suppression.address_key for suppression in page)
        if after is None:
            return frozenset(found), True
    return frozenset(found), False


def judge(previewer: Previewer, audience: Audience, refs: Sequence[Ref], message_class: MessageClass) -> list[Verdict]:
    """A verdict each, in order, from what is true now."""
    records = previewer.records.get_many(refs)
    found = {ref: mail_address(r.values, audience.email_field(ref.module)) for ref, r in records.items()}
    keys = {ref: to.key for ref, to in found.items() if to}
    suppressed = previewer.suppressions.get_many(set(keys.values()))

    def reason(ref: Ref) -> str:
        record = records.get(ref)
        if record is None:
            return "deleted"
        field = audience.email_field(ref.module)
        return refusal(record, message_class, suppressed=keys.get(ref, "") in suppressed, field=field)

    return [Verdict(ref, records.get(ref), keys.get(ref, ""), reason(ref)) for ref in refs]
