"""`/v1/jobs`: what runs in the background, how far it is, its controls. `/v1/messages`: send one, decide one."""

from aws_lambda_powertools.event_handler import Response

from gotero.domain import instant
from gotero.domain.errors import NotFoundError
from gotero.domain.job import Control
from gotero.entry import http, listing, wiring, wiring_jobs, wiring_mail, wiring_sending
from gotero.services.control_job import control_job
from gotero.services.decide_message import accept_as_sent, send_again
from gotero.services.send_transactional import send_transactional

api = http.Api(find_user=wiring.find_user)

_QUERY = "jobs"


@api.get("/v1/jobs")
def list_jobs() -> http.Json:
    after = listing.cursor_after(api, wiring.signer(), _QUERY)
    jobs, following = wiring_sending.jobs().page(listing.limit_of(api), after)
    return {
        "items": [job.to_json() for job in jobs],
        "next": listing.cursor(wiring.signer(), _QUERY, following),
    }


@api.get("/v1/jobs/<job_id>")
def get(job_id: str) -> http.Json:
    job = wiring_sending.jobs().get(job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    return job.to_json()


@api.post("/v1/jobs/<job_id>/start")
def start(job_id: str) -> http.Json:
    return _control(job_id, "start")


@api.post("/v1/jobs/<job_id>/pause")
def pause(job_id: str) -> http.Json:
    return _control(job_id, "pause")


@api.post("/v1/jobs/<job_id>/resume")
def resume(job_id: str) -> http.Json:
    return _control(job_id, "resume")


@api.post("/v1/jobs/<job_id>/cancel")
def cancel(job_id: str) -> http.Json:
    return _control(job_id, "cancel")


def _control(job_id: str, control: Control) -> http.Json:
    return control_job(wiring_jobs.job_line(), wiring_sending.campaign_machine(), job_id, control).to_json()


@api.post("/v1/messages")
def send() -> Response[str]:
    message = send_transactional(
        wiring_mail.mail_counter(), api.json(), user_id=api.user.id, idempotency_key=api.idempotency_key()
    )
    return http.accepted({**message.to_record().to_json(), "state": str(message.state), "reason": message.reason})


@api.post("/v1/messages/<message_id>/accept")
def accept(message_id: str) -> http.Json:
    at = instant.write(wiring.clock.now())
    return accept_as_sent(wiring_sending.ledger(), message_id, at).to_record().to_json()


@api.post("/v1/messages/<message_id>/send-again")
def again(message_id: str) -> Response[str]:
    message = send_again(wiring_sending.ledger(), wiring.mail_planner(), message_id, api.user.id)
    return http.accepted(message.to_record().to_json())


handler = api.handler
