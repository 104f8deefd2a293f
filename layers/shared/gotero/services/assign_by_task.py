"""What the workflow tasks `assign` and `unassign` do: one recipient, the scheduled actions or the plan of the task."""

from gotero.domain.record import Cause, Ref
from gotero.ports import Json
from gotero.services.assign import Drips, assign_many
from gotero.services.unassign import unassign_many


def assign_by_task(drips: Drips, recipient: Ref, params: Json, subject: Ref | None, cause: Cause) -> Json:
    """InvalidError for what is not there any more, or inactive."""
    found = assign_many(
        drips, [recipient], cause=cause, scheduled_actions=_ids(params), plan=params.get("plan_id"), subject=subject
    )
    return {"assignments": [assignment.id for assignment in found]}


def unassign_by_task(drips: Drips, recipient: Ref, params: Json, subject: Ref | None, cause: Cause) -> Json:
    found = unassign_many(
        drips, [recipient], cause=cause, scheduled_actions=_ids(params), plan=params.get("plan_id"), subject=subject
    )
    return {"assignments": [assignment.id for assignment in found]}


def _ids(params: Json) -> list[str]:
    one = [params["scheduled_action_id"]] if params.get("scheduled_action_id") else []
    return one + list(params.get("scheduled_action_ids") or ())
