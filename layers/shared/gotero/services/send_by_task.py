"""What the workflow task `send_mail` does: one mail of a template, from the owner of the recipient."""

from gotero.domain.record import Cause, Ref
from gotero.ports import Json
from gotero.services.plan_message import MailPlanner, plan_message


def send_by_task(planner: MailPlanner, recipient: Ref, params: Json, key: str, cause: Cause) -> Json:
    """`key` is the reason of this one mail (workflow, task, event): the same reason twice is one mail."""
    message = plan_message(
        planner,
        recipient,
        params["template_id"],
        source_kind="wf",
        source_id=key,
        cause=cause,
        message_class=params.get("class"),
    )
    return {"message": message.id, "state": str(message.state), "reason": message.reason}
