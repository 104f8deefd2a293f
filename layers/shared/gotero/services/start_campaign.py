"""Send a campaign: check the order, write the job, wake it. The same idempotency key is the same job.

A send that was confirmed waits for a while (setting `send_delay_minutes`), in which it can be deleted without a trace.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from gotero.domain import company, instant
from gotero.domain.audience import Audience
from gotero.domain.company import Company
from gotero.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.job import CAMPAIGN_SEND, DONE, Job, JobState
from gotero.domain.record import Record, Ref
from gotero.domain.send_time import earliest
from gotero.ports import Clock, Definition, Definitions, DueIndex, Ids, Jobs, Json, Lake, Records, StateMachine
from gotero.services.assign import company_zone
from gotero.services.check_job import WAKE_AFTER, due_thing, start_execution
from gotero.services.plan_message import TEMPLATES
from gotero.services.read_order import SendOrder, Start, check_names, read_order
from gotero.services.see_audience import SeenBy, as_asked

#: How often the lake is asked whether an audience is empty before that is believed: it trails by a second or two.
_LOOKS = 4
#: So many may come and go between the preview and the order, or one of a hundred if that is more.
_MEANWHILE = 5


@dataclass(frozen=True, slots=True)
class CampaignStarter:
    """What starting a campaign needs."""

    records: Records
    definitions: Definitions
    jobs: Jobs
    machine: StateMachine
    due: DueIndex
    clock: Clock
    ids: Ids
    lake: Lake
    sleep: Callable[[float], None]


def start_campaign(
    starter: CampaignStarter,
    campaign_id: str,
    body: Any,
    *,
    user_id: str,
    idempotency_key: str | None = None,
    seen_by: SeenBy = as_asked,
) -> Job:
    """The job that sends it. NotFoundError, InvalidError with every broken rule, ConflictError for a reused key."""
    campaign = campaign_record(starter.records, campaign_id)
    now = starter.clock.now()
    order = read_order(starter.definitions, starter.records, body, now, seen_by)
    check_names(starter.definitions, order)
    template = starter.definitions.get(TEMPLATES, order.template_id)
    if template is None:
        raise NotFoundError(f"template {order.template_id}")  # deleted between the check and now
    fingerprint = sha256(json.dumps([campaign_id, body], sort_keys=True).encode()).hexdigest()
    job_id = derived_id(CAMPAIGN_SEND, user_id, idempotency_key) if idempotency_key else starter.ids.new()
    if order.audience.not_opened:
        # Without a word to the contrary whoever has not opened gets it once more, and not once per click.
        job_id = job_id if order.again else derived_id(CAMPAIGN_SEND, "not_opened", order.audience.not_opened)
    if starter.jobs.get(job_id) is None:  # what was asked before is answered as before
        _check_recipients(starter, campaign_id, order)
    state, start_at = _start(starter.definitions, order, now)
    job = Job(
        id=job_id,
        kind=CAMPAIGN_SEND,
        state=state,
        params=_params(order, campaign, template, company_zone(starter.definitions)),
        created_at=instant.write(now),
        created_by=user_id,
        fingerprint=fingerprint,
        start_at=instant.write(start_at) if start_at else "",
        started_at=instant.write(now) if state == "running" else "",
    )
    # Before the job: whatever is lost after its first write, the due index finds it.
    starter.due.put(start_at or now + WAKE_AFTER, due_thing(job_id), {})
    try:
        starter.jobs.create(job)
    except ConflictError:
        return _repeated(starter, job, order)
    if state == "running":
        start_execution(starter.machine, starter.clock, job)
    return job


def _params(order: SendOrder, campaign: Record, template: Definition, zone: str) -> Json:
    """What the job goes by from now on."""
    local = order.start.local
    return {
        "name": campaign.values.get("name", campaign.number),
        "campaign": campaign.id,
        "template_id": template.id,
        "template": template.data["name"],
        "class": template.data.get("class", "marketing"),
        "sender": order.sender,
        "enclosed": order.enclosed.to_json(),
        "audience": order.audience.to_json(),
        "zone": zone,
        "local_start": local.isoformat(timespec="minutes") if local else None,
        "window_minutes": int(order.window.total_seconds() // 60),
    }


def campaign_record(records: Records, campaign_id: str) -> Record:
    """The campaign; NotFoundError when there is none, or it lies in the bin."""
    campaign = records.get(Ref("campaigns", campaign_id))
    if campaign is None or campaign.deleted_at:
        raise NotFoundError(f"campaign {campaign_id}")
    return campaign


def _check_recipients(starter: CampaignStarter, campaign_id: str, order: SendOrder) -> None:
    """There is somebody, and about as many as the person has been shown."""
    if order.audience.not_opened:
        return _check_not_opened(starter, campaign_id, order)
    if order.start == Start():
        _refuse_nobody(starter, order.audience)
    shown = order.confirmed
    if shown is None:
        return None
    size = starter.lake.audience_size(order.audience)
    if abs(size - shown) > max(_MEANWHILE, shown // 100):
        told = (("shown", str(shown)), ("count", str(size)))
        raise InvalidError(FieldError("confirm_recipients", "confirm_again", told))
    return None


def _check_not_opened(starter: CampaignStarter, campaign_id: str, order: SendOrder) -> None:
    """The earlier send has ended, and the person has been shown how many have not opened it."""
    earlier = starter.jobs.get(order.audience.not_opened)
    if earlier is None or earlier.kind != CAMPAIGN_SEND or earlier.params["campaign"] != campaign_id:
        raise InvalidError(FieldError("audience.not_opened", "not_found"))
    if earlier.state not in DONE:
        raise ConflictError("the earlier send has not ended", "send_not_ended", "audience.not_opened")
    size = starter.lake.audience_size(order.audience)
    if not size:
        raise InvalidError(FieldError("audience", "empty"))
    if (order.confirmed or 0) < size:
        raise InvalidError(FieldError("confirm_recipients", "confirm", (("count", str(size)),)))


def _refuse_nobody(starter: CampaignStarter, audience: Audience) -> None:
    """A send to nobody that is to begin now is a mistake; one that begins later may find somebody."""
    for look in range(_LOOKS):
        if next(starter.lake.audience(audience, 1), None):
            return
        if look < _LOOKS - 1:
            starter.sleep(1.0)
    raise InvalidError(FieldError("audience", "empty"))


def _start(definitions: Definitions, order: SendOrder, now: datetime) -> tuple[JobState, datetime | None]:
    """What state the job begins in, and when it goes by itself."""
    if order.start.hold:
        return "held", None
    if order.start.at:
        return "scheduled", order.start.at
    settings = definitions.get(company.KIND, company.ID)
    delay = timedelta(minutes=Company.from_json(settings.data if settings else {}).send_delay_minutes)
    if order.start.local:
        return "scheduled", max(now + delay, earliest(order.start.local))
    return ("scheduled", now + delay) if delay else ("running", None)


def _repeated(starter: CampaignStarter, job: Job, order: SendOrder) -> Job:
    """The job that the first request with this key made; ConflictError when that one asked for something else."""
    first = starter.jobs.get(job.id)
    if first is None or first.fingerprint != job.fingerprint:
        if order.audience.not_opened and not order.again:
            raise ConflictError("sent to them already", "sent_again", "again")
        raise ConflictError("the idempotency key belongs to another request", "key_reused", "Idempotency-Key")
    return first
