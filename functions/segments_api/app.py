"""/v1/segments: named sets of accounts, contacts and leads, and who is in them."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.record import Cause, Ref
from gotero.domain.segment import MODULES
from gotero.entry import http, listing, wiring
from gotero.ports import Definition
from gotero.services.change_members import add_members, remove_members
from gotero.services.explain_membership import explain_membership
from gotero.services.save_segment import KIND, change_segment, create_segment
from gotero.services.write_definition import definition_json, get_definition

api = http.Api(find_user=wiring.find_user)
handler = api.handler


class Member(http.Body):
    module: str
    id: str


class Members(http.Body):
    items: Annotated[list[Member], Field(min_length=1, max_length=500)]


def _segment(id: str) -> Definition:
    return get_definition(wiring.definitions(), KIND, id)


def _cause() -> Cause:
    return Cause("user", api.user.id)


def _refs() -> list[Ref]:
    return [Ref(member.module, member.id) for member in api.read(Members).items]


@api.get("/v1/segments")
def list_() -> dict[str, Any]:
    return {"items": [definition_json(d) for d in wiring.definitions().all(KIND)], "next": None}


@api.post("/v1/segments")
def create() -> Response[str]:
    segment = create_segment(
        wiring.definition_writer(), wiring.numbers(), api.json(), owner=api.user.id, cause=_cause()
    )
    return http.created(definition_json(segment))


@api.get("/v1/segments/<id>")
def get(id: str) -> Response[str]:
    segment = _segment(id)
    return http.respond({**definition_json(segment), "counts": wiring.lake().member_counts(id)})


@api.patch("/v1/segments/<id>")
def change(id: str) -> Response[str]:
    after = change_segment(
        wiring.definition_writer(),
        _segment(id),
        api.json(),
        cause=_cause(),
        expected_version=api.expected_version(),
    )
    return http.respond(definition_json(after))


@api.delete("/v1/segments/<id>")
def delete(id: str) -> Response[str]:
    wiring.definitions().delete(KIND, _segment(id).id)
    return http.empty()


@api.get("/v1/segments/<id>/members")
def members(id: str) -> dict[str, Any]:
    module = api.query_choice("module", MODULES)
    query = ["members", _segment(id).id, module]
    after = listing.cursor_after(api, wiring.signer(), query)
    page = wiring.lake().members(id, module=module, limit=listing.limit_of(api), after=after)
    following = listing.cursor(wiring.signer(), query, page.after)
    return {"items": page.items, "next": following, "as_of": page.as_of, "exact": page.exact}


@api.post("/v1/segments/<id>/members")
def add(id: str) -> dict[str, Any]:
    entered = add_members(
        _segment(id),
        _refs(),
        source=("manual", api.user.id),
        cause=_cause(),
        memberships=wiring.memberships(),
        records=wiring.records(),
        clock=wiring.clock,
    )
    return {"entered": entered}


@api.delete("/v1/segments/<id>/members")
def remove(id: str) -> dict[str, Any]:
    left = remove_members(_segment(id), _refs(), cause=_cause(), memberships=wiring.memberships(), clock=wiring.clock)
    return {"left": left}


@api.get("/v1/segments/<id>/why/<module>/<record_id>")
def why(id: str, module: str, record_id: str) -> dict[str, Any]:
    return explain_membership(wiring.memberships(), _segment(id).id, Ref(module, record_id))
