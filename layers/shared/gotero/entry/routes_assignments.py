"""Who gets what and when: assigning, unassigning, what would come of it, and /v1/assignments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import FieldError, InvalidError
from gotero.entry import bodies, http, listing, wiring, wiring_sight
from gotero.entry.routes_definitions import cause_of
from gotero.services.assign import assign_many, preview_many
from gotero.services.list_assignments import get_assignment, list_assignments, read_recipient, with_recipients
from gotero.services.unassign import cancel_assignment, unassign_many
from gotero.services.write_definition import get_definition

#: Recipients of one request; more are assigned by a workflow.
MAX_RECIPIENTS = 100


class Recipients(bodies.Body):
    recipients: list[bodies.RecordRef]
    subject: bodies.RecordRef | None = None


def add_to(api: http.Api, assignable: Mapping[str, str]) -> None:
    """`assignable`: path -> kind of definition that people are assigned to."""
    for path, kind in assignable.items():
        _verb(api, path, kind, "assign", assign_many)
        _verb(api, path, kind, "unassign", unassign_many)
        _verb(api, path, kind, "preview", preview_many)

    @api.get("/v1/plans/<id>/recipients")
    def recipients(id: str) -> http.Json:
        get_definition(wiring.definitions(), "plans", id)
        signer, query = wiring.signer(), ["recipients", id]
        after = listing.cursor_after(api, signer, query)
        place = Key.from_json(after) if after else None
        found, more = wiring.drips().assignments.of_plan(id, listing.limit_of(api), place)
        items, hidden = with_recipients(wiring_sight.records(api.user), found)
        following = listing.cursor(signer, query, more.to_json() if more else None)
        return {"items": items, "hidden": hidden, "next": following}

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
        return http.respond(cancel_assignment(wiring.drips(), id, cause=cause_of(api)).to_json())


def _verb(api: http.Api, path: str, kind: str, verb: str, change: Callable[..., list[Assignment]]) -> None:
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
        return _items(change(wiring.drips(), refs, cause=cause_of(api), subject=subject, **to))


def _items(found: Sequence[Assignment], following: str | None = None) -> dict[str, Any]:
    return {"items": [assignment.to_json() for assignment in found], "next": following}
