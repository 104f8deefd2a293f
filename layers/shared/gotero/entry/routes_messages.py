"""The routes of /v1/messages, for whoever sees the recipient: send one, decide one or many."""

from dataclasses import replace
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain import instant
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.mass_edit import Chosen
from gotero.domain.message import Message, MessageKey
from gotero.domain.modules import MODULES
from gotero.domain.narrowing import narrowed
from gotero.domain.user import User
from gotero.entry import bodies, http, wiring, wiring_documents, wiring_jobs, wiring_mail, wiring_sending, wiring_sight
from gotero.entry.routes_many import answer
from gotero.services.decide_many import Decision, count_in_doubt, start_deciding
from gotero.services.decide_message import accept_as_sent, send_again
from gotero.services.find_filter import chosen_filter, filtered
from gotero.services.list_enclosed import documents_of, make_again
from gotero.services.mass_change import MAX_NAMED
from gotero.services.send_transactional import send_transactional
from gotero.services.sighted import seen_records
from gotero.services.view_message import Viewer


class Decided(bodies.Body):
    """Mails in doubt: those named, or all of them that a filter finds."""

    decision: Decision
    ids: (
        Annotated[list[Annotated[str, Field(min_length=1, max_length=255)]], Field(min_length=1, max_length=MAX_NAMED)]
        | None
    ) = None
    filter_id: str | None = None
    condition: dict[str, Any] | None = None
    #: Every mail in doubt: said in so many words, so that nothing left out means it.
    everything: bool = False
    #: Only count them.
    preview: bool = False


def add_to(api: http.Api) -> None:
    @api.post("/v1/messages")
    def send() -> Response[str]:
        counter = wiring_mail.mail_counter()
        seen = replace(counter.planner, records=seen_records(counter.planner.records, wiring_sight.sight(api.user)))
        message = send_transactional(
            replace(counter, planner=seen), api.json(), user_id=api.user.id, idempotency_key=api.idempotency_key()
        )
        return http.accepted({**message.to_record().to_json(), "state": str(message.state), "reason": message.reason})

    @api.post("/v1/messages/decide")
    def decide() -> Response[str]:
        body, deciding = api.read(Decided), wiring_jobs.deciding()
        chosen = _chosen(api.user, body)
        if body.preview:
            return http.respond(count_in_doubt(deciding, chosen))
        name = MODULES["messages"].label.to_json()[api.language]
        key = api.idempotent_id()
        return answer(start_deciding(deciding, chosen, body.decision, user_id=api.user.id, name=name, key=key))

    @api.post("/v1/messages/<message_id>/accept")
    def accept(message_id: str) -> http.Json:
        _refuse_hidden(api.user, message_id)
        at = instant.write(wiring.clock.now())
        return accept_as_sent(wiring_sending.ledger(), message_id, at).to_record().to_json()

    @api.post("/v1/messages/<message_id>/send-again")
    def again(message_id: str) -> Response[str]:
        _refuse_hidden(api.user, message_id)
        message = send_again(wiring_sending.ledger(), wiring.mail_planner(), message_id, api.user.id)
        return http.accepted(message.to_record().to_json())

    @api.get("/v1/messages/<message_id>/documents")
    def documents(message_id: str) -> http.Json:
        return {"items": documents_of(_viewer(api.user), _seen(api.user, message_id)), "next": None}

    @api.get("/v1/messages/<message_id>/documents/<template_id>")
    def document(message_id: str, template_id: str) -> Response[bytes]:
        message = _seen(api.user, message_id)
        return http.file(make_again(_viewer(api.user), wiring_documents.maker(), message, template_id))


def _seen(user: User, message_id: str) -> Message:
    _refuse_hidden(user, message_id)
    message = wiring_sight.messages(user).get(MessageKey.parse(message_id))
    if message is None:
        raise NotFoundError(f"message {message_id}")
    return message


def _viewer(user: User) -> Viewer:
    return replace(wiring_mail.viewer(), records=wiring_sight.records(user))


def _chosen(user: User, body: Decided) -> Chosen:
    """Of those chosen the ones that this user sees."""
    found = body.filter_id or body.condition or body.everything
    if bool(body.ids) == bool(found):
        raise InvalidError(FieldError("ids", "one_of", (("keys", "ids, filter_id / condition, everything"),)))
    if body.ids:
        for id in body.ids:
            _refuse_hidden(user, id)
        return Chosen("messages", tuple(body.ids))
    if body.condition is not None:
        chosen_filter(wiring.definitions(), wiring.records(), None, "messages", body.condition)
    condition = filtered(wiring.definitions(), "messages", body.filter_id, body.condition)
    return Chosen("messages", condition=narrowed(condition, "messages", wiring_sight.sight(user)))


def _refuse_hidden(user: User, message_id: str) -> None:
    try:
        recipient = MessageKey.parse(message_id).recipient
    except ValueError as error:
        raise NotFoundError(f"message {message_id}") from error
    wiring_sight.refuse_hidden(user, recipient)
