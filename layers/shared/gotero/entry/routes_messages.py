"""The routes of /v1/messages, for whoever sees the recipient: send one, decide one."""

from dataclasses import replace

from aws_lambda_powertools.event_handler import Response

from gotero.domain import instant
from gotero.domain.errors import NotFoundError
from gotero.domain.message import MessageKey
from gotero.domain.user import User
from gotero.entry import http, wiring, wiring_mail, wiring_sending, wiring_sight
from gotero.services.decide_message import accept_as_sent, send_again
from gotero.services.send_transactional import send_transactional
from gotero.services.sighted import seen_records


def add_to(api: http.Api) -> None:
    @api.post("/v1/messages")
    def send() -> Response[str]:
        counter = wiring_mail.mail_counter()
        seen = replace(counter.planner, records=seen_records(counter.planner.records, wiring_sight.sight(api.user)))
        message = send_transactional(
            replace(counter, planner=seen), api.json(), user_id=api.user.id, idempotency_key=api.idempotency_key()
        )
        return http.accepted({**message.to_record().to_json(), "state": str(message.state), "reason": message.reason})

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


def _refuse_hidden(user: User, message_id: str) -> None:
    try:
        recipient = MessageKey.parse(message_id).recipient
    except ValueError as error:
        raise NotFoundError(f"message {message_id}") from error
    wiring_sight.refuse_hidden(user, recipient)
