"""/v1/segments/{id}: who is kept out, how large it was, who was in at an instant; and who is put in and taken out."""

from collections.abc import Iterable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain import instant
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Cause, Ref
from gotero.domain.segment import MODULES, STATUSES
from gotero.entry import bodies, http, listing, wiring, wiring_segments, wiring_sight
from gotero.ports import Definition
from gotero.services.call_roll import AT_ONCE, put_in, take_out
from gotero.services.explain_as_of import explain_as_of
from gotero.services.explain_membership import explain_membership
from gotero.services.free_member import free_members
from gotero.services.list_memberships import list_memberships
from gotero.services.read_segment_history import read_segment_history
from gotero.services.save_record import get_record
from gotero.services.save_segment import KIND
from gotero.services.write_definition import definition_json, get_definition

#: As many as a job carries by name; more are chosen by a filter.
MAX_NAMED = 2000


class Members(bodies.Body):
    items: Annotated[list[bodies.RecordRef], Field(min_length=1, max_length=MAX_NAMED)]


class Freed(bodies.Body):
    items: Annotated[list[bodies.RecordRef], Field(min_length=1, max_length=AT_ONCE)]


def segment_of(id: str) -> Definition:
    return get_definition(wiring.definitions(), KIND, id)


def add_to(api: http.Api) -> None:
    _looking(api)
    _listing(api)
    _explaining(api)
    _changing(api)


def _looking(api: http.Api) -> None:
    @api.get("/v1/segments")
    def list_() -> dict[str, Any]:
        status = api.query_choice("status", tuple(STATUSES))
        found = [d for d in wiring.definitions().all(KIND) if status in (None, d.data["status"])]
        items = [definition_json(d) for d in found]
        if api.query_choice("counts", ("true", "false")) != "true":
            return {"items": items, "next": None}
        sizes = wiring.lake().sizes()
        counted = [{**item, "counts": sizes.counts.get(item["id"], {})} for item in items]
        return {"items": counted, "next": None, "as_of": sizes.as_of, "exact": sizes.exact}

    @api.get("/v1/segments/<id>")
    def get(id: str) -> Response[str]:
        segment, sizes = segment_of(id), wiring.lake().sizes(id)
        shown = {**definition_json(segment), "counts": sizes.counts.get(id, {})}
        return http.respond({**shown, "as_of": sizes.as_of, "exact": sizes.exact})

    @api.get("/v1/segments/<id>/history")
    def history(id: str) -> dict[str, Any]:
        return read_segment_history(wiring.lake(), wiring.clock, segment_of(id).id)


def _listing(api: http.Api) -> None:
    """Who is in it, and who is kept out, page by page."""

    @api.get("/v1/segments/<id>/members")
    def members(id: str) -> dict[str, Any]:
        module = api.query_choice("module", MODULES)
        query = ["members", segment_of(id).id, module]
        after = listing.cursor_after(api, wiring.signer(), query)
        page = wiring_sight.lists(api.user).members(id, module=module, limit=listing.limit_of(api), after=after)
        following = listing.cursor(wiring.signer(), query, page.after)
        return {"items": page.items, "next": following, "as_of": page.as_of, "exact": page.exact}

    @api.get("/v1/segments/<id>/blocked")
    def blocked(id: str) -> dict[str, Any]:
        module = api.query_choice("module", MODULES) or MODULES[0]
        query = ["blocked", segment_of(id).id, module]
        after = listing.cursor_after(api, wiring.signer(), query)
        page = wiring_sight.lists(api.user).blocked(id, module=module, limit=listing.limit_of(api), after=after)
        following = listing.cursor(wiring.signer(), query, page.after)
        return {"items": page.items, "next": following, "as_of": page.as_of, "exact": page.exact}


def _explaining(api: http.Api) -> None:
    """One record: its segments, and why it is in one or not."""

    @api.get("/v1/segments/of/<module>/<record_id>")
    def of(module: str, record_id: str) -> dict[str, Any]:
        ref = get_record(wiring_sight.records(api.user), Ref(module, record_id)).ref
        rules, definitions = wiring.autosync_rules(), wiring.definitions()
        return {"items": list_memberships(wiring.memberships(), rules, definitions, ref), "next": None}

    @api.get("/v1/segments/<id>/why/<module>/<record_id>")
    def why(id: str, module: str, record_id: str) -> dict[str, Any]:
        ref = Ref(module, record_id)
        wiring_sight.refuse_hidden(api.user, ref)
        segment, evaluator = segment_of(id).id, wiring_segments.evaluator()
        at = api.query("at")
        if at is None:
            return explain_membership(evaluator, segment, ref, wiring_sight.records(api.user))
        try:
            moment = instant.read(at)
        except ValueError as error:
            raise InvalidError(FieldError("at", "datetime")) from error
        return explain_as_of(evaluator, wiring.timeline(), segment, ref, moment)


def _changing(api: http.Api) -> None:
    def cause() -> Cause:
        return Cause("user", api.user.id)

    def seen(named: Iterable[Ref]) -> list[Ref]:
        chosen = list(named)
        wiring_sight.refuse_hidden(api.user, *chosen)
        return chosen

    def refs() -> list[Ref]:
        return seen(member.ref() for member in api.read(Members).items)

    def answer(done: dict[str, Any]) -> Response[str]:
        """What was done at once, or the job that does it."""
        return http.accepted(done) if "job_id" in done else http.respond(done)

    @api.post("/v1/segments/<id>/members")
    def add(id: str) -> Response[str]:
        key = api.idempotency_key()
        return answer(put_in(wiring_segments.roll(), segment_of(id), refs(), user_id=api.user.id, key=key))

    @api.delete("/v1/segments/<id>/members")
    def remove(id: str) -> Response[str]:
        key = api.idempotency_key()
        return answer(take_out(wiring_segments.roll(), segment_of(id), refs(), user_id=api.user.id, key=key))

    @api.delete("/v1/segments/<id>/blocked")
    def free(id: str) -> dict[str, Any]:
        chosen = seen(member.ref() for member in api.read(Freed).items)
        return {"freed": free_members(wiring_segments.evaluator(), segment_of(id), chosen, cause=cause())}
