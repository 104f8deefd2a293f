"""What a send decides about each recipient, asked before it is sent: the rule of the send itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gotero.domain.audience import Audience
from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.message import MessageClass
from gotero.domain.record import Record, Ref
from gotero.ports import Definitions, Lake, Records, Suppressions

WILL_SEND = "will_send"


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
