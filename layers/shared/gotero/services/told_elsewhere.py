"""What a timeline tells that is kept elsewhere, and so is not written a second time.

A message knows itself what happened to it (and its recipient's timeline tells it too); the sends of a campaign are its
jobs.
"""

from collections.abc import Iterator

from gotero.domain.activity import history
from gotero.domain.job import Job
from gotero.domain.message import Message
from gotero.domain.record import Cause, Ref
from gotero.ports import Jobs, TimelineEntry

#: A campaign has a few sends; of one that has more, the latest are told.
_SENDS = 50
_JOB = Cause("system", "job")
#: The end of a job -> what is told of it.
_ENDS = {"finished": "send_finished", "cancelled": "send_cancelled", "failed": "send_failed"}


def message_entries(message: Message) -> list[TimelineEntry]:
    """That it was prepared, and everything that happened since.

    Of states that were left again (in doubt, then accepted) the last is told here, all of them to its recipient.
    """
    ref = Ref("messages", message.id)
    cause = Cause("message", ref.id)
    named = {"name": message.mailing.template_name, "number": message.number}
    told = [TimelineEntry(ref, message.created_at, "message_planned", cause, "", named)]
    for one in history(message):
        data = {**named, "count": one.count, "detail": one.detail}
        at = one.at or message.updated_at
        told.append(TimelineEntry(ref, at, one.kind, cause, f"{one.kind}#{one.number}", data))
    return told


def campaign_entries(jobs: Jobs, campaign_id: str) -> list[TimelineEntry]:
    """Who ordered which send, when it began, how it ended. One that was deleted has left an entry of its own."""
    sends, _ = jobs.page(_SENDS, None, campaign_id)
    return [entry for job in sends for entry in _send(Ref("campaigns", campaign_id), job)]


def _send(campaign: Ref, job: Job) -> Iterator[TimelineEntry]:
    data = {"name": job.params.get("template", ""), "job": job.id}
    counts = {"accepted": job.counts.get("accepted", 0), "skipped": job.counts.get("skipped", 0)}
    yield TimelineEntry(campaign, job.created_at, "send_ordered", Cause("user", job.created_by), job.id, data)
    if job.started_at:
        yield TimelineEntry(campaign, job.started_at, "send_started", _JOB, f"{job.id}-1", data)
    if job.finished_at and job.state in _ENDS:
        ended = {**data, **counts, "open": job.open_questions}
        yield TimelineEntry(campaign, job.finished_at, _ENDS[job.state], _JOB, f"{job.id}-2", ended)
