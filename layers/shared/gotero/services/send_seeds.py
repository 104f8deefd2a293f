"""A copy of each campaign for the house: the addresses of the seed list, when the first of its mails leave.

A copy is a test mail: about nobody in particular, so that no recipient's data reach it, and in no campaign's results.
"""

from gotero.domain import company
from gotero.domain.company import Company
from gotero.domain.document import Enclosed
from gotero.domain.ids import derived_id
from gotero.domain.job import CAMPAIGN_SEND
from gotero.domain.message import Mailing, MessageKey
from gotero.domain.record import Cause, Ref
from gotero.domain.validation import address
from gotero.ports import Jobs
from gotero.services.plan_message import MailPlanner, put_message


def send_seeds(planner: MailPlanner, jobs: Jobs, job_id: str) -> None:
    """Plan the copies of that job. Twice is once: a copy's key is the address and the job."""
    job = jobs.get(job_id)
    settings = planner.definitions.get(company.KIND, company.ID)
    seeds = Company.from_json(settings.data if settings else {}).seeds
    if job is None or job.kind != CAMPAIGN_SEND or job.state != "running":
        return
    for seed in seeds:
        target = address.parse(seed)
        if target is None:
            continue
        key = MessageKey(Ref("seeds", derived_id("seed", target.key)), "test", job.id)
        if planner.messages.get(key):
            continue
        mailing = Mailing(
            template_id=job.params["template_id"],
            template_name=job.params["template"],
            message_class=job.params["class"],
            sender=job.params["sender"],
            address=target.wire,
            enclosed=Enclosed.from_json(job.params.get("enclosed") or {}),
        )
        reason = "suppressed" if planner.suppressions.get_many([target.key]) else ""
        put_message(planner, key, mailing, job.created_by, reason, Cause("campaign", job.params["campaign"]))
