"""/v1/segments: named sets of accounts, contacts and leads, and who is in them."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.record import Cause, Ref
from gotero.domain.segment import MODULES
from gotero.entry import bodies, http, listing, wiring, wiring_segments, wiring_sending, wiring_sight
from gotero.ports import Definition
from gotero.services.call_roll import put_in, take_out
from gotero.services.explain_membership import explain_membership
from gotero.services.fill_segment import resync_if_woken, start_fill, start_load
from gotero.services.find_filter import Chosen, chosen_filter
from gotero.services.save_segment import KIND, change_segment, create_segment, delete_segment
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.write_definition import definition_json, get_definition

api = http.Api(find_user=wiring.find_user)
handler = api.handler


class Members(bodies.Body):
    items: Annotated[list[bodies.RecordRef], Field(min_length=1, max_length=500)]


class Asked(bodies.Body):
    filter_id: str | None = None
    module: str | None = None
    condition: dict[str, Any] | None = None


class Turned(Asked):
    on: bool
    #: Which AutoSync of the segment is meant: the one to be replaced, or to be turned off.
    id: str | None = None


def _chosen(asked: Asked) -> Chosen:
    return chosen_filter(wiring.definitions(), asked.filter_id, asked.module, asked.condition)


def _segment(id: str) -> Definition:
    return get_definition(wiring.definitions(), KIND, id)


def _cause() -> Cause:
    return Cause("user", api.user.id)


def _refs() -> list[Ref]:
    return [member.ref() for member in api.read(Members).items]


@api.get("/v1/segments")
def list_() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(KIND)], "next": None}


@api.post("/v1/segments")
def create() -> Response[str]:
    user, writer, id = api.user.id, wiring.definition_writer(), api.idempotent_id()
    segment = create_segment(writer, wiring.numbers(), api.json(), owner=user, cause=_cause(), id=id)
    return http.created(definition_json(segment))


@api.get("/v1/segments/<id>")
def get(id: str) -> Response[str]:
    segment = _segment(id)
    return http.respond({**definition_json(segment), "counts": wiring.lake().member_counts(id)})


@api.patch("/v1/segments/<id>")
def change(id: str) -> Response[str]:
    before = _segment(id)
    after = change_segment(
        wiring.definition_writer(),
        before,
        api.json(),
        cause=_cause(),
        expected_version=api.expected_version(),
    )
    resync_if_woken(wiring_segments.filler(), before, after, user_id=api.user.id)
    return http.respond(definition_json(after))


@api.delete("/v1/segments/<id>")
def delete(id: str) -> Response[str]:
    delete_segment(wiring.definitions(), _segment(id), wiring_sending.jobs())
    return http.empty()


@api.get("/v1/segments/<id>/members")
def members(id: str) -> dict[str, Any]:
    module = api.query_choice("module", MODULES)
    query = ["members", _segment(id).id, module]
    after = listing.cursor_after(api, wiring.signer(), query)
    page = wiring_sight.lists(api.user).members(id, module=module, limit=listing.limit_of(api), after=after)
    following = listing.cursor(wiring.signer(), query, page.after)
    return {"items": page.items, "next": following, "as_of": page.as_of, "exact": page.exact}


@api.post("/v1/segments/<id>/members")
def add(id: str) -> Response[str]:
    return _answer(put_in(wiring_segments.roll(), _segment(id), _seen_refs(), user_id=api.user.id))


@api.delete("/v1/segments/<id>/members")
def remove(id: str) -> Response[str]:
    return _answer(take_out(wiring_segments.roll(), _segment(id), _seen_refs(), user_id=api.user.id))


def _answer(done: dict[str, Any]) -> Response[str]:
    """What was done at once, or the job that does it."""
    return http.accepted(done) if "job_id" in done else http.respond(done)


def _seen_refs() -> list[Ref]:
    refs = _refs()
    wiring_sight.refuse_hidden(api.user, *refs)
    return refs


@api.post("/v1/segments/<id>/load")
def load(id: str) -> Response[str]:
    job = start_load(wiring_segments.filler(), _segment(id), _chosen(api.read(Asked)), user_id=api.user.id)
    return http.accepted({"job_id": job.id})


@api.post("/v1/segments/<id>/autosync")
def autosync(id: str) -> Response[str]:
    asked, writer = api.read(Turned), wiring.definition_writer()
    if asked.on:
        switch = turn_on(writer, id, _chosen(asked), replaces=asked.id, cause=_cause())
    else:
        switch = turn_off(writer, id, None if asked.id else _chosen(asked), rule_id=asked.id, cause=_cause())
    job = start_fill(wiring_segments.filler(), switch, user_id=api.user.id) if switch.changed else None
    return http.accepted({"job_id": job.id if job else None, "autosync": switch.definition.data["autosync"]})


@api.get("/v1/segments/<id>/why/<module>/<record_id>")
def why(id: str, module: str, record_id: str) -> dict[str, Any]:
    ref = Ref(module, record_id)
    wiring_sight.refuse_hidden(api.user, ref)
    return explain_membership(wiring_segments.evaluator(), _segment(id).id, ref)
