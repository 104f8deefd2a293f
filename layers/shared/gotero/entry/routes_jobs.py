"""The routes of /v1/jobs, for whoever sees the job: what runs in the background, how far it is, its controls."""

from aws_lambda_powertools.event_handler import Response

from gotero.domain.job import CONTROLS, Control, Job
from gotero.domain.user import User
from gotero.entry import http, listing, wiring, wiring_jobs, wiring_sending, wiring_sight
from gotero.entry.observability import logger
from gotero.services.control_job import control_job
from gotero.services.delete_job import delete_job
from gotero.services.mass_change import ERROR_NOTE
from gotero.services.see_job import find_job, sees_job
from gotero.services.tell_failures import in_words, told


def add_to(api: http.Api) -> None:
    _looking(api)
    for control in CONTROLS:
        _controlled_by(api, control)

    @api.delete("/v1/jobs/<job_id>")
    def delete(job_id: str) -> Response[str]:
        _seen(api.user, job_id)
        job = delete_job(wiring_sending.jobs(), wiring.clock, job_id, api.user.id)
        logger.info("send deleted", job=job.id, campaign=job.params["campaign"], user=api.user.id)
        return http.empty()


def _looking(api: http.Api) -> None:
    @api.get("/v1/jobs")
    def list_jobs() -> http.Json:
        campaign = api.query("campaign")
        query = ["jobs", campaign]
        after = listing.cursor_after(api, wiring.signer(), query)
        found, following = wiring_sending.jobs().page(listing.limit_of(api), after, campaign)
        sight, records = wiring_sight.sight(api.user), wiring_sight.records(api.user)
        # A page may hold fewer than were asked for, and still go on.
        seen = [job for job in found if sees_job(records, sight, api.user.id, job)]
        return {
            "items": [job.to_json() for job in seen],
            "next": listing.cursor(wiring.signer(), query, following),
        }

    @api.get("/v1/jobs/<job_id>")
    def get(job_id: str) -> http.Json:
        return told(_seen(api.user, job_id), api.language)

    @api.get("/v1/jobs/<job_id>/errors")
    def errors(job_id: str) -> http.Json:
        """Row by row, what a job could not do."""
        _seen(api.user, job_id)
        query = ["errors", job_id]
        after = listing.cursor_after(api, wiring.signer(), query)
        rows, following = wiring_jobs.job_log().page(job_id, ERROR_NOTE, listing.limit_of(api), after)
        return {"items": in_words(rows, api.language), "next": listing.cursor(wiring.signer(), query, following)}


def _controlled_by(api: http.Api, control: Control) -> None:
    @api.post(f"/v1/jobs/<job_id>/{control}")
    def post(job_id: str) -> http.Json:
        _seen(api.user, job_id)
        desk = wiring_sending.brake_desk()
        return control_job(wiring_jobs.job_line(), wiring_sending.campaign_machine(), job_id, control, desk).to_json()


def _seen(user: User, job_id: str) -> Job:
    """NotFoundError for one that this user does not see."""
    sight, records = wiring_sight.sight(user), wiring_sight.records(user)
    return find_job(wiring_sending.jobs(), records, sight, user.id, job_id)
