"""/v1/actions (what), /v1/scheduled-actions (when), /v1/plans, and /v1/assignments (who)."""

from collections.abc import Callable, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.assignment import Assignment
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause
from gotero.entry import bodies, http, listing, wiring, wiring_sight
from gotero.ports import Definition
from gotero.services import save_action, save_plan, save_scheduled_action
from gotero.services.assign import assign_many, preview_many
from gotero.services.list_assignments import get_assignment, list_assignments, read_recipient
from gotero.services.unassign import cancel_assignment, unassign_many
from gotero.services.write_definition import definition_json, get_definition

#: Recipients of one request; more are assigned by a workflow.
MAX_RECIPIENTS = 100

api = http.Api(find_user=wiring.find_user)
handler = api.handler


class Recipients(bodies.Body):
    recipients: list[bodies.RecordRef]
    subject: bodies.RecordRef | None = None


def _cause() -> Cause:
    return Cause("user", api.user.id)


def _definitions(
    path: str,
    kind: str,
    create: Callable[..., Definition],
    update: Callable[..., Definition],
    delete: Callable[..., None],
) -> None:
    """The five routes of one kind of definition."""

    @api.get(path)
    def list_() -> dict[str, Any]:
        found = sorted(wiring.definitions().all(kind), key=lambda definition: (definition.created_at, definition.id))
        return {"items": [definition_json(definition) for definition in found], "next": None}

    @api.post(path)
    def post() -> Response[str]:
        definition = create(wiring.definition_writer(), api.json(), cause=_cause(), id=api.idempotent_id())
        return http.created(definition_json(definition))

    @api.get(f"{path}/<id>")
    def get(id: str) -> Response[str]:
        return http.respond(definition_json(get_definition(wiring.definitions(), kind, id)))

    @api.patch(f"{path}/<id>")
    def patch(id: str) -> Response[str]:
        version = api.expected_version()
        changed = update(wiring.definition_writer(), id, api.json(), cause=_cause(), expected_version=version)
        return http.respond(definition_json(changed))

    @api.delete(f"{path}/<id>")
    def remove(id: str) -> Response[str]:
        delete(wiring.definition_writer(), id)
        return http.empty()


_definitions("/v1/actions", "actions", save_action.create_action, save_action.update_action, save_action.delete_action)
_definitions(
    "/v1/scheduled-actions",
    "scheduled_actions",
    save_scheduled_action.create_scheduled_action,
    save_scheduled_action.update_scheduled_action,
    save_scheduled_action.delete_scheduled_action,
)
_definitions("/v1/plans", "plans", save_plan.create_plan, save_plan.update_plan, save_plan.delete_plan)


def _verb(path: str, kind: str, verb: str, change: Callable[..., list[Assignment]]) -> None:
    """Assign, unassign or preview: the same body, to one scheduled action or to a plan."""

    @api.post(f"{path}/<id>/{verb}")
    def post(id: str) -> dict[str, Any]:
        get_definition(wiring.definitions(), kind, id)
        body = api.read(Recipients)
        if not 0 < len(body.recipients) <= MAX_RECIPIENTS:
            raise InvalidError(FieldError("recipients", "limit", (("limit", str(MAX_RECIPIENTS)),)))
        refs = [recipient.ref() for recipient in body.recipients]
        subject = body.subject.ref() if body.subject else None
        wiring_sight.refuse_hidden(api.user, *refs, *([subject] if subject else []))
        to: dict[str, Any] = {"plan": id} if kind == "plans" else {"scheduled_actions": [id]}
        return _items(change(wiring.drips(), refs, cause=_cause(), subject=subject, **to))


for _path, _kind in (("/v1/scheduled-actions", "scheduled_actions"), ("/v1/plans", "plans")):
    _verb(_path, _kind, "assign", assign_many)
    _verb(_path, _kind, "unassign", unassign_many)
    _verb(_path, _kind, "preview", preview_many)


def _items(found: Sequence[Assignment], following: str | None = None) -> dict[str, Any]:
    return {"items": [assignment.to_json() for assignment in found], "next": following}


@api.get("/v1/assignments")
def assignments() -> dict[str, Any]:
    recipient = read_recipient(api.query("recipient"))
    wiring_sight.refuse_hidden(api.user, recipient)
    found, following = list_assignments(
        wiring.drips().assignments,
        recipient,
        scheduled_action=api.query("scheduled_action"),
        limit=listing.limit_of(api, listing.MAX_LIMIT),
        cursor=api.query("cursor"),
    )
    return _items(found, following)


@api.get("/v1/assignments/<id>")
def assignment(id: str) -> Response[str]:
    found = get_assignment(wiring.drips().assignments, id)
    wiring_sight.refuse_hidden(api.user, found.key.recipient)
    return http.respond(found.to_json())


@api.delete("/v1/assignments/<id>")
def cancel(id: str) -> Response[str]:
    wiring_sight.refuse_hidden(api.user, get_assignment(wiring.drips().assignments, id).key.recipient)
    return http.respond(cancel_assignment(wiring.drips(), id, cause=_cause()).to_json())
