"""Send a campaign: check the order, write the job, wake it. The same idempotency key is the same job."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from gotero.domain import company, instant
from gotero.domain.errors import ConflictError, FieldError, InvalidError, NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.job import CAMPAIGN_SEND, Audience, Job, JobState, refuse_without_recipients
from gotero.domain.record import Record, Ref
from gotero.domain.sender_identity import CAMPAIGN_OWNER, COMPANY, RECIPIENT_OWNER, USER_PREFIX
from gotero.domain.shape import Reader
from gotero.ports import Clock, Definitions, DueIndex, Ids, Jobs, Records, StateMachine
from gotero.services.check_job import WAKE_AFTER, due_thing, start_execution
from gotero.services.plan_message import TEMPLATES

SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What a person asks for."""

    template_id: str
    audience: Audience
    sender: str
    start: Literal["now", "hold"] | datetime


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


def start_campaign(
    starter: CampaignStarter, campaign_id: str, body: Any, *, user_id: str, idempotency_key: str | None = None
) -> Job:
    """The job that sends it. NotFoundError, InvalidError with every broken rule, ConflictError for a reused key."""
    campaign = campaign_record(starter.records, campaign_id)
    now = starter.clock.now()
    order = read_order(body, now)
    check_names(starter.definitions, order)
    template = starter.definitions.get(TEMPLATES, order.template_id)
    if template is None:
        raise NotFoundError(f"template {order.template_id}")  # deleted between the check and now
    fingerprint = sha256(json.dumps([campaign_id, body], sort_keys=True).encode()).hexdigest()
    job_id = derived_id(CAMPAIGN_SEND, user_id, idempotency_key) if idempotency_key else starter.ids.new()
    state, start_at = _start(order)
    job = Job(
        id=job_id,
        kind=CAMPAIGN_SEND,
        state=state,
        params={
            "name": campaign.values.get("name", campaign.number),
            "campaign": campaign_id,
            "template_id": template.id,
            "template": template.data["name"],
            "class": template.data.get("class", "marketing"),
            "sender": order.sender,
            "audience": order.audience.to_json(),
        },
        created_at=instant.write(now),
        created_by=user_id,
        fingerprint=fingerprint,
        start_at=start_at,
        started_at=instant.write(now) if state == "running" else "",
    )
    # Before the job: whatever is lost after its first write, the due index finds it.
    starter.due.put(order.start if isinstance(order.start, datetime) else now + WAKE_AFTER, due_thing(job_id), {})
    try:
        starter.jobs.create(job)
    except ConflictError:
        return _repeated(starter, job)
    if state == "running":
        start_execution(starter.jobs, starter.machine, job)
    return job


def campaign_record(records: Records, campaign_id: str) -> Record:
    """The campaign; NotFoundError when there is none, or it lies in the bin."""
    campaign = records.get(Ref("campaigns", campaign_id))
    if campaign is None or campaign.deleted_at:
        raise NotFoundError(f"campaign {campaign_id}")
    return campaign


def read_order(body: Any, now: datetime) -> SendOrder:
    """The order in a JSON body; InvalidError names every broken rule."""
    reader = Reader(body)
    template_id = reader.text("template_id", required=True)
    audience = read_audience(reader)
    sender = reader.text("sender", default=RECIPIENT_OWNER)
    named = (RECIPIENT_OWNER, CAMPAIGN_OWNER, COMPANY)
    if sender not in named and not sender.startswith(USER_PREFIX):
        reader.wrong("sender", "choice", choices=f"{', '.join(named)}, {USER_PREFIX}…")
    start = _read_start(reader, now)
    reader.done()
    refuse_without_recipients(audience)
    return SendOrder(template_id, audience, sender, start)


def read_audience(reader: Reader) -> Audience:
    if not reader.has("audience"):
        reader.wrong("audience", "required")
        return Audience()
    inner = reader.child("audience")
    audience = Audience(inner.texts("segments"), inner.texts("except"), inner.flag("everyone", default=False))
    inner.close()
    return audience


def check_names(definitions: Definitions, order: SendOrder) -> None:
    """Everything that the order names must exist, and the company must have an address to send from."""
    missing = audience_errors(definitions, order.audience)
    settings = definitions.get(company.KIND, company.ID)
    if not (settings and settings.data.get("sender")):
        missing.append(FieldError("settings.company.sender", "required"))
    if definitions.get(TEMPLATES, order.template_id) is None:
        missing.append(FieldError("template_id", "not_found"))
    user = order.sender.removeprefix(USER_PREFIX) if order.sender.startswith(USER_PREFIX) else None
    if user is not None and definitions.get("users", user) is None:
        missing.append(FieldError("sender", "user"))
    if missing:
        raise InvalidError(*missing)


def audience_errors(definitions: Definitions, audience: Audience) -> list[FieldError]:
    """One error for every list of the audience that does not exist."""
    named = [(f"audience.segments[{i}]", id) for i, id in enumerate(audience.segments)]
    named += [(f"audience.except[{i}]", id) for i, id in enumerate(audience.except_segments)]
    return [FieldError(path, "not_found") for path, id in named if definitions.get(SEGMENTS, id) is None]


def _read_start(reader: Reader, now: datetime) -> Literal["now", "hold"] | datetime:
    text = reader.text("start", default="now")
    if text == "now":
        return "now"
    if text == "hold":
        return "hold"
    try:
        start = instant.read(text)
    except ValueError:
        reader.wrong("start", "datetime")
        return "now"
    if start <= now:
        reader.wrong("start", "past")
    return start


def _start(order: SendOrder) -> tuple[JobState, str]:
    if isinstance(order.start, datetime):
        return "scheduled", instant.write(order.start)
    return ("held", "") if order.start == "hold" else ("running", "")


def _repeated(starter: CampaignStarter, job: Job) -> Job:
    """The job that the first request with this key made; ConflictError when that one asked for something else."""
    first = starter.jobs.get(job.id)
    if first is None or first.fingerprint != job.fingerprint:
        raise ConflictError("the idempotency key belongs to another request")
    return first
