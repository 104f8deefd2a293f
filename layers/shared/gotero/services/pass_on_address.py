"""The address of a mail that is not sent after all goes to the next record of the job that has it.

Two records with one address are one mail, to the first of them. Between the freezing of the audience and the sending
that record may have been deleted, or its owner told it "no more mail", and the others with that address were left out
for its sake. The first of them that may be written to gets a mail of its own: the next round of its own reason, since
what was written about its first message stays. The job has counted that one; the mail counts for the campaign. Is that
heir refused in its turn, the next behind it follows, until one mail has left or nobody is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gotero.domain.errors import TransientError
from gotero.domain.job import Job
from gotero.domain.message import Message, MessageKey, State
from gotero.ports import Jobs
from gotero.services.compose_mail import Composer, gather, refused
from gotero.services.freeze_audience import SAME_ADDRESS
from gotero.services.plan_message import MailPlanner, put_message, suppression_key

#: Why a message is skipped that says nothing about its recipient: with another it would be the same.
_NOT_THEIRS = frozenset({"no_template", "no_document"})


def pass_on_addresses(
    jobs: Jobs, planner: MailPlanner, composer: Composer, job_id: str, messages: Sequence[Message]
) -> None:
    """Pass on the addresses of these messages, which were skipped. Twice is once: who gets one is written first."""
    job = jobs.get(job_id)
    if job is None or job.state in ("cancelling", "cancelled"):
        return
    keys = {message.id: suppression_key(message) for message in messages if message.reason not in _NOT_THEIRS}
    holders = jobs.addresses(job_id, {key for key in keys.values() if key})
    for message in messages:
        key = keys.get(message.id, "")
        holder = holders.get(key, "")
        if holder == message.id:
            # Whoever stood before an heir was asked when that one was found.
            behind = str(replace(message.key, round=1)) if message.key.round > 1 else ""
            heir = next(_heirs(jobs, planner, composer, job, key, behind), None)
            if heir is None:
                continue
            following = str(replace(heir.key, round=heir.key.round + 1))
            holder = jobs.claim_address(job_id, key, following, before=message.id)
        if holder and MessageKey.parse(holder).round > 1:
            _plan(planner, MessageKey.parse(holder))


def _heirs(jobs: Jobs, planner: MailPlanner, composer: Composer, job: Job, key: str, behind: str) -> Iterator[Message]:
    """Who waits for the address behind that message, and may be written to by what is true now."""
    last = behind
    while ids := jobs.waiting(job.id, key, last):
        last = ids[-1]
        found = planner.messages.get_many([MessageKey.parse(id) for id in ids])
        if len(found) < len(ids):
            raise TransientError("somebody waits for an address, and their message is still to be written")
        waiting = [m for m in found.values() if (m.state, m.reason) == (State.SKIPPED, SAME_ADDRESS)]
        materials = gather(composer, waiting, job.params["audience"]["except"])
        for message in sorted(waiting, key=lambda message: message.id):
            if not refused(materials, message, materials.records.get(message.key.recipient)):
                yield message


def _plan(planner: MailPlanner, key: MessageKey) -> None:
    first = planner.messages.get(replace(key, round=key.round - 1))
    if first is not None and planner.messages.get(key) is None:
        put_message(planner, key, replace(first.mailing, job=None), first.owner, "", first.cause)
