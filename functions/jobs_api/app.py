"""`/v1/jobs`: what runs in the background, how far it is, its controls. `/v1/messages`: send one, decide one."""

from aws_lambda_powertools.event_handler import Response

from gotero.domain import instant
from gotero.domain.errors import NotFoundError
from gotero.domain.job import CONTROLS, Control
from gotero.domain.message import MessageKey
from gotero.entry import http, listing, wiring, wiring_jobs, wiring_mail, wiring_sending, wiring_sight
from gotero.entry.observability import logger
from gotero.services.control_job import control_job
from gotero.services.decide_message import accept_as_sent, send_again
from gotero.services.delete_job import delete_job
from gotero.services.mass_change import ERROR_NOTE
from gotero.services.send_transactional import send_transactional
from gotero.services.tell_failures import in_words, told

api = http.Api(find_user=wiring.find_user)

_QUERY = "jobs"


@api.get("/v1/jobs")
def list_jobs() -> http.Json:
    campaign = api.query("campaign")
    query = [_QUERY, campaign]
    after = listing.cursor_after(api, wiring.signer(), query)
    jobs, following = wiring_sending.jobs().page(listing.limit_of(api), after, campaign)
    return {
        "items": [job.to_json() for job in jobs],
        "next": listing.cursor(wiring.signer(), query, following),
    }


@api.get("/v1/jobs/<job_id>")
def get(job_id: str) -> http.Json:
    job = wiring_sending.jobs().get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    return told(job, api.language)


@api.get("/v1/jobs/<job_id>/errors")
def errors(job_id: str) -> http.Json:
    """Row by row, what a job could not do."""
    if wiring_sending.jobs().get(job_id) is None:
        raise NotFoundError(f"job {job_id}")
    query = ["errors", job_id]
    after = listing.cursor_after(api, wiring.signer(), query)
    rows, following = wiring_jobs.job_log().page(job_id, ERROR_NOTE, listing.limit_of(api), after)
    return {"items": in_words(rows, api.language), "next": listing.cursor(wiring.signer(), query, following)}


@api.delete("/v1/jobs/<job_id>")
def delete(job_id: str) -> Response[str]:
    job = delete_job(wiring_sending.jobs(), wiring.timeline(), wiring.clock, job_id, api.user.id)
    logger.info("send deleted", job=job.id, campaign=job.params["campaign"], user=api.user.id)
    return http.empty()


def _controlled_by(control: Control) -> None:
    @api.post(f"/v1/jobs/<job_id>/{control}")
    def post(job_id: str) -> http.Json:
        desk = wiring_sending.brake_desk()
        return control_job(wiring_jobs.job_line(), wiring_sending.campaign_machine(), job_id, control, desk).to_json()


for _control in CONTROLS:
    _controlled_by(_control)


@api.post("/v1/messages")
def send() -> Response[str]:
    message = send_transactional(
        wiring_mail.mail_counter(), api.json(), user_id=api.user.id, idempotency_key=api.idempotency_key()
    )
    return http.accepted({**message.to_record().to_json(), "state": str(message.state), "reason": message.reason})


@api.post("/v1/messages/<message_id>/accept")
def accept(message_id: str) -> http.Json:
    _refuse_hidden(message_id)
    at = instant.write(wiring.clock.now())
    return accept_as_sent(wiring_sending.ledger(), message_id, at).to_record().to_json()


@api.post("/v1/messages/<message_id>/send-again")
def again(message_id: str) -> Response[str]:
    _refuse_hidden(message_id)
    message = send_again(wiring_sending.ledger(), wiring.mail_planner(), message_id, api.user.id)
    return http.accepted(message.to_record().to_json())


def _refuse_hidden(message_id: str) -> None:
    try:
        recipient = MessageKey.parse(message_id).recipient
    except ValueError as error:
        raise NotFoundError(f"message {message_id}") from error
    wiring_sight.refuse_hidden(api.user, recipient)


handler = api.handler
