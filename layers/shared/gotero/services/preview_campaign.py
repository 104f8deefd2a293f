"""Who would get a campaign, and who would not and why, how long it would take and what it would cost."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from gotero.domain.audience import Audience, refuse_without_recipients
from gotero.domain.company import ID, KIND, Company
from gotero.domain.document import NOTHING, Enclosed, read_enclosed
from gotero.domain.enclosure import Purpose
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.message import MessageClass
from gotero.domain.price import mail_cost
from gotero.domain.send_time import MAX_WINDOW_MINUTES
from gotero.domain.sender_identity import RECIPIENT_OWNER, sender_identity, sender_user
from gotero.domain.shape import Reader
from gotero.ports import Definitions, Json
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.judge_audience import WILL_SEND, Previewer, judge, listed_suppressed, rule
from gotero.services.list_enclosed import enclosed_json
from gotero.services.mail_values import find_user
from gotero.services.plan_message import TEMPLATES
from gotero.services.read_order import audience_errors, read_audience
from gotero.services.see_audience import SeenBy, as_asked

_PAGE = 100
#: So many are looked at one by one, as they are at this moment; more of them are counted in the lake, all the same.
LIMIT = 5_000
#: Every reason is there, also where nobody has it.
_ALWAYS = (
    "no_email",
    "invalid_email",
    "suppressed",
    "unsubscribed",
    "do_not_email",
    "same_address",
    WILL_SEND,
)


@dataclass(frozen=True, slots=True)
class Question:
    """The part of an order that a preview asks about."""

    audience: Audience
    message_class: MessageClass
    window_minutes: int
    sender: str = RECIPIENT_OWNER
    #: What goes along: what the template brings, and what is chosen beside it.
    brought: Enclosed = NOTHING
    chosen: Enclosed = NOTHING


def preview_campaign(previewer: Previewer, body: Any, campaign_owner: str = "", seen_by: SeenBy = as_asked) -> Json:
    """Counts of the audience in `body`: {"audience", "template_id"?}. InvalidError names every broken rule."""
    asked = read_question(previewer, Reader(body), seen_by)
    counts: Counter[str] = Counter(dict.fromkeys(_ALWAYS, 0))
    many = previewer.lake.audience_size(asked.audience) > LIMIT
    owners, exact = _counted(previewer, asked, counts) if many else (_looked_at(previewer, asked, counts), True)
    mails = counts[WILL_SEND]
    rate = previewer.rate()
    return {
        "recipients": sum(counts.values()),
        **_named(counts),
        "exact": exact,
        "rate": rate,
        "seconds": max(ceil(mails / rate), 60 * asked.window_minutes),
        "cost": mail_cost(mails).to_json(),
        "attachments": enclosed_json(previewer.definitions, asked.brought, asked.chosen),
        "replaced_senders": _replaced(previewer.definitions, asked.sender, owners, campaign_owner),
    }


def read_question(previewer: Previewer, reader: Reader, seen_by: SeenBy) -> Question:
    """The audience and the class of the template; the body of a send may be asked as it is."""
    definitions = previewer.definitions
    audience = read_audience(reader, definitions, previewer.records)
    template_id = reader.text("template_id")
    window = reader.whole("window_minutes", low=0, high=MAX_WINDOW_MINUTES)
    sender = reader.text("sender", default=RECIPIENT_OWNER)
    for ignored in ("start", "confirm_recipients", "again"):
        reader.raw(ignored)
    enclosed = read_enclosed(reader)
    reader.done()
    refuse_without_recipients(audience)
    template = definitions.get(TEMPLATES, template_id) if template_id else None
    errors = audience_errors(definitions, audience)
    errors += enclosed_errors(definitions, enclosed, Purpose("campaigns"), brought_by(template))
    if template_id and template is None:
        errors.append(FieldError("template_id", "not_found"))
    if errors:
        raise InvalidError(*errors)
    mail_class: MessageClass = template.data.get("class", "marketing") if template else "marketing"
    return Question(seen_by(audience), mail_class, window, sender, brought_by(template), enclosed)


def _looked_at(previewer: Previewer, asked: Question, counts: Counter[str]) -> set[str]:
    """Count a verdict each; the owners of whoever is written to."""
    seen: set[str] = set()
    owners: set[str] = set()
    for refs in previewer.lake.audience(asked.audience, _PAGE):
        for verdict in judge(previewer, asked.audience, refs, asked.message_class):
            reason = verdict.reason
            if not reason and verdict.address_key in seen:
                reason = "same_address"
            if not reason:
                seen.add(verdict.address_key)
                owners.add(verdict.record.owner if verdict.record else "")
            counts[reason or WILL_SEND] += 1
    return owners


def _counted(previewer: Previewer, asked: Question, counts: Counter[str]) -> tuple[Collection[str], bool]:
    """The same in the lake; the owners, and whether it knows of all that has changed and who is suppressed."""
    suppressed, whole = listed_suppressed(previewer)
    census = previewer.lake.census(asked.audience, suppressed, rule(asked.audience, asked.message_class, suppressed))
    counts.update({reason: n for reason, n in census.counts.items() if reason})
    counts[WILL_SEND] = census.mails
    counts["same_address"] = census.counts.get("", 0) - census.mails
    return census.owners, census.exact and whole


def _named(counts: Mapping[str, int]) -> Json:
    return {reason: count for reason, count in counts.items() if count or reason in _ALWAYS}


def _replaced(definitions: Definitions, sender: str, owners: Collection[str], campaign_owner: str) -> list[Json]:
    """Who cannot be the From, their domain not being verified: the company is, and answers go to them."""
    stored = definitions.get(KIND, ID)
    company = Company.from_json(stored.data if stored else {})
    named = {sender_user(sender, owner, campaign_owner) for owner in owners}
    users = [user for user in (find_user(definitions, id) for id in sorted(named)) if user]
    identities = [(user, sender_identity(company, user)) for user in users]
    return [
        {"user": user.id, "name": identity.name, "from": identity.address, "reply_to": identity.reply_to}
        for user, identity in identities
        if identity.reply_to
    ]
