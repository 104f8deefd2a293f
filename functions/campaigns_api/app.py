"""`/v1/campaigns/{id}`: send it, see beforehand who would get it, and what became of it."""

from dataclasses import replace

from aws_lambda_powertools.event_handler import Response

from gotero.domain.record import Ref
from gotero.entry import http, listing, wiring, wiring_sending, wiring_sight
from gotero.services.campaign_results import campaign_results
from gotero.services.list_audience import list_audience
from gotero.services.preview_campaign import preview_campaign
from gotero.services.start_campaign import campaign_record, start_campaign

api = http.Api(find_user=wiring.find_user)


@api.post("/v1/campaigns/<campaign_id>/send")
def send(campaign_id: str) -> Response[str]:
    job = start_campaign(
        replace(wiring_sending.campaign_starter(), records=wiring_sight.records(api.user)),
        campaign_id,
        api.json(),
        user_id=api.user.id,
        idempotency_key=api.header("idempotency-key"),
        seen_by=wiring_sight.audience(api.user),
    )
    return http.accepted({"job_id": job.id, "job": job.to_json()})


@api.post("/v1/campaigns/<campaign_id>/send/preview")
def preview(campaign_id: str) -> http.Json:
    campaign = campaign_record(wiring_sight.records(api.user), campaign_id)
    previewer, seen_by = wiring_sending.campaign_previewer(), wiring_sight.audience(api.user)
    return preview_campaign(previewer, api.json(), campaign.owner, seen_by)


@api.post("/v1/campaigns/<campaign_id>/audience")
def audience(campaign_id: str) -> http.Json:
    campaign_record(wiring_sight.records(api.user), campaign_id)
    signer, query = wiring.signer(), [campaign_id, api.json()]
    after = listing.cursor_after(api, signer, query)
    place = Ref.parse(after) if after else None
    seen_by, sight = wiring_sight.audience(api.user), wiring_sight.sight(api.user)
    items, following = list_audience(wiring_sending.campaign_previewer(), api.json(), place, seen_by, sight)
    shown = [item for item in items if _seen(item)]
    following_cursor = listing.cursor(signer, query, str(following) if following else None)
    return {"items": shown, "hidden": len(items) - len(shown), "next": following_cursor}


def _seen(item: http.Json) -> bool:
    return wiring_sight.sees(api.user, Ref(item["module"], item["id"]))


@api.get("/v1/campaigns/<campaign_id>/results")
def results(campaign_id: str) -> http.Json:
    campaign_record(wiring_sight.records(api.user), campaign_id)
    return campaign_results(wiring.lake(), campaign_id)


handler = api.handler
