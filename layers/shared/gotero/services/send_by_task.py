"""What the workflow task `send_mail` does: one mail of a template, from the owner of the recipient.

An address may rest after it: somebody who posts a form ten times, or whose address ten others post, is answered once.
"""

from datetime import timedelta

from gotero.domain.document import Enclosed
from gotero.domain.ids import derived_id
from gotero.domain.message import MessageKey
from gotero.domain.record import Cause, Ref
from gotero.domain.workflow import REST_HOURS
from gotero.ports import Json, Rests
from gotero.services.plan_message import MailPlanner, plan_message


def send_by_task(
    planner: MailPlanner, rests: Rests, recipient: Ref, params: Json, subject: Ref | None, key: str, cause: Cause
) -> Json:
    """`subject` is what set it off, when that is not the recipient (an invoice).

    `key` is the reason of this one mail (workflow, task, event): the same reason twice is one mail.
    """
    hours = params.get(REST_HOURS, 0)

    def unless(message: MessageKey, address_key: str) -> str:
        if not hours:
            return ""
        # Of the workflow and its task; the address itself stands nowhere in the clear.
        name = derived_id("rest", cause.id, cause.part or "", address_key)
        until = planner.clock.now() + timedelta(hours=hours)
        return "" if rests.begin(name, str(message), until) else "answered_recently"

    message = plan_message(
        planner,
        recipient,
        params["template_id"],
        source_kind="wf",
        source_id=key,
        cause=cause,
        message_class=params.get("class"),
        subject=subject,
        enclosed=Enclosed.from_json(params),
        unless=unless,
    )
    return {"message": message.id, "state": str(message.state), "reason": message.reason}
