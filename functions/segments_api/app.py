"""/v1/segments: named sets of accounts, contacts and leads, and what fills them."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.record import Cause
from gotero.entry import bodies, http, routes_segments, wiring, wiring_segments, wiring_sight
from gotero.services.find_filter import Chosen, chosen_filter, named_filter
from gotero.services.save_segment import change_segment, create_segment, delete_segment
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.start_fill import resync_if_woken, start_fill, start_load
from gotero.services.write_definition import definition_json

api = http.Api(find_user=wiring.find_user)
handler = api.handler

routes_segments.add_to(api)


class Asked(bodies.Body):
    filter_id: str | None = None
    module: str | None = None
    condition: dict[str, Any] | None = None


class Turned(Asked):
    on: bool
    #: Which AutoSync of the segment is meant: the one to be replaced, or to be turned off.
    id: str | None = None


def _chosen(asked: Asked) -> Chosen:
    return chosen_filter(wiring.definitions(), wiring.records(), asked.filter_id, asked.module, asked.condition)


def _cause() -> Cause:
    return Cause("user", api.user.id)


@api.post("/v1/segments")
def create() -> Response[str]:
    writer, numbers, id = wiring.definition_writer(), wiring.numbers(), api.idempotent_id()
    segment = create_segment(writer, numbers, api.json(), owner=api.user.id, cause=_cause(), id=id)
    return http.created(definition_json(segment))


@api.patch("/v1/segments/<id>")
def change(id: str) -> Response[str]:
    before, version = routes_segments.segment_of(id), api.expected_version()
    after = change_segment(wiring.definition_writer(), before, api.json(), cause=_cause(), expected_version=version)
    resync_if_woken(wiring_segments.filler(), before, after, user_id=api.user.id)
    return http.respond(definition_json(after))


@api.delete("/v1/segments/<id>")
def delete(id: str) -> Response[str]:
    delete_segment(wiring.definitions(), routes_segments.segment_of(id), wiring_sight.jobs(api.user))
    return http.empty()


@api.post("/v1/segments/<id>/load")
def load(id: str) -> Response[str]:
    segment, chosen = routes_segments.segment_of(id), _chosen(api.read(Asked))
    sight = wiring_sight.sight(api.user)
    job = start_load(wiring_segments.filler(), segment, chosen, user_id=api.user.id, sight=sight)
    return http.accepted({"job_id": job.id})


@api.post("/v1/segments/<id>/autosync")
def autosync(id: str) -> Response[str]:
    asked, writer = api.read(Turned), wiring.definition_writer()
    if asked.on:
        switch = turn_on(writer, id, _chosen(asked), replaces=asked.id, cause=_cause())
    else:
        named = None if asked.id else named_filter(writer.definitions, asked.filter_id, asked.module, asked.condition)
        switch = turn_off(writer, id, named, rule_id=asked.id, cause=_cause())
    job = start_fill(wiring_segments.filler(), switch, user_id=api.user.id) if switch.changed else None
    return http.accepted({"job_id": job.id if job else None, "autosync": switch.definition.data["autosync"]})
