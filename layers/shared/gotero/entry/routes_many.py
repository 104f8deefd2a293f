"""The routes under /v1/records that change many records at once, and undo it."""

from dataclasses import replace
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError, NotAllowedError
from gotero.domain.job import DONE, Job
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.modules import Module
from gotero.domain.modules.declaration import Capability
from gotero.domain.narrowing import narrowed
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.entry import bodies, http, wiring, wiring_records, wiring_sending, wiring_sight
from gotero.services.choose_columns import MOST, choose_columns, chosen_columns
from gotero.services.find_duplicates import find_duplicates
from gotero.services.find_filter import chosen_filter, filtered
from gotero.services.mass_change import MAX_NAMED, checked_edit, count_chosen, start_mass
from gotero.services.merge_records import preview_merge, start_merge
from gotero.services.see_job import find_job
from gotero.services.undo_job import start_undo
from gotero.services.write_definition import get_definition

Id = Annotated[str, Field(min_length=1, max_length=50)]


class Many(bodies.Body):
    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_NAMED)] | None = None
    filter_id: str | None = None
    condition: dict[str, Any] | None = None
    search: str | None = None
    segment_id: str | None = None
    #: Every record of the module: said in so many words, so that nothing left out means it.
    everything: bool = False
    #: Only count them.
    preview: bool = False


class Changed(Many):
    values: dict[str, Any] = Field(default_factory=dict)
    owner: str | None = None
    add_tags: list[str] = Field(default_factory=list)
    remove_tags: list[str] = Field(default_factory=list)


class Columns(bodies.Body):
    columns: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MOST)]


class Merged(bodies.Body):
    """Others that become a part of this record; `choices`: field -> the record whose value stays."""

    others: list[Id]
    choices: dict[str, str] = Field(default_factory=dict)
    #: Only say what would become of them.
    preview: bool = False


def writable(module_id: str, capability: Capability) -> Module:
    module = modules.module(module_id)
    if capability not in module.capabilities:
        raise NotAllowedError(f"{module_id}: {capability}")
    return module


def add_to(api: http.Api) -> None:
    @api.get("/v1/records/<module>/columns")
    def columns(module: str) -> http.Json:
        return {"columns": chosen_columns(wiring.definitions(), api.user.id, module)}

    @api.post("/v1/records/<module>/columns")
    def choose(module: str) -> http.Json:
        wanted = api.read(Columns).columns
        return {"columns": choose_columns(wiring.definition_writer(), api.user.id, module, wanted)}

    @api.post("/v1/records/<module>/mass-edit")
    def mass_edit(module: str) -> Response[str]:
        body = api.read(Changed)
        edit = Edit(body.values, body.owner, tuple(body.add_tags), tuple(body.remove_tags))
        return _mass(api, writable(module, "edit"), body, edit)

    @api.post("/v1/records/<module>/mass-delete")
    def mass_delete(module: str) -> Response[str]:
        return _mass(api, writable(module, "delete"), api.read(Many), None)

    @api.get("/v1/records/<module>/<id>/duplicates")
    def duplicates(module: str, id: str) -> http.Json:
        ref = Ref(modules.module(module).id, id)
        return {
            "items": find_duplicates(wiring_sight.lists(api.user), wiring_sight.records(api.user), ref),
            "next": None,
        }

    @api.post("/v1/records/<module>/<id>/merge")
    def merge(module: str, id: str) -> Response[str]:
        writable(module, "delete")
        body, mass = api.read(Merged), wiring_records.mass()
        wiring_sight.refuse_hidden(api.user, *(Ref(module, one) for one in (id, *body.others)))
        if body.preview:
            seen = wiring_sight.lists(api.user), wiring_sight.records(api.user)
            return http.respond(preview_merge(mass, module, id, body.others, body.choices, seen))
        key = api.idempotent_id()
        return answer(start_merge(mass, module, id, body.others, body.choices, user_id=api.user.id, key=key))

    @api.post("/v1/records/<module>/undo/<job_id>")
    def undo(module: str, job_id: str) -> Response[str]:
        writable(module, "edit")
        # In a private module everybody undoes what he did himself.
        records, sight = wiring_sight.records(api.user), wiring_sight.sight(api.user)
        find_job(wiring_sending.jobs(), records, sight, api.user.id, job_id)
        return answer(start_undo(wiring_records.mass(), job_id, user_id=api.user.id))


def _mass(api: http.Api, module: Module, body: Many, edit: Edit | None) -> Response[str]:
    mass, chosen = wiring_records.mass(), _seen(api.user, _chosen(module.id, body))
    if body.preview:
        return http.respond(count_chosen(mass, chosen))
    if edit:
        # Nothing is pointed to what whoever asks does not see.
        edit = checked_edit(wiring_sight.record_writer(api.user), module.id, edit)
    label = module.label.to_json()[api.language]
    key = api.idempotent_id()
    return answer(start_mass(mass, chosen, edit, user_id=api.user.id, name=label, key=key))


def _chosen(module: str, body: Many) -> Chosen:
    found = body.filter_id or body.condition or body.search or body.everything
    if sum(map(bool, (body.ids, body.segment_id, found))) != 1:
        keys = "ids, segment_id, filter_id / condition / search, everything"
        raise InvalidError(FieldError("ids", "one_of", (("keys", keys),)))
    if body.segment_id:
        get_definition(wiring.definitions(), "segments", body.segment_id)
    if body.condition is not None:
        chosen_filter(wiring.definitions(), wiring.records(), None, module, body.condition)
    condition = filtered(wiring.definitions(), module, body.filter_id, body.condition)
    return Chosen(module, tuple(body.ids) if body.ids else None, condition, body.search, body.segment_id)


def _seen(user: User, chosen: Chosen) -> Chosen:
    """Of those chosen the ones this user sees."""
    sight = wiring_sight.sight(user)
    if chosen.ids:
        wiring_sight.refuse_hidden(user, *(Ref(chosen.module, id) for id in chosen.ids))
        return chosen
    if chosen.segment is None:
        return replace(chosen, condition=narrowed(chosen.condition, chosen.module, sight))
    if sight.condition(chosen.module) is None:
        return chosen
    inside = {"segment": chosen.segment, "op": "is_member"}
    return replace(chosen, segment=None, condition=narrowed(inside, chosen.module, sight))


def answer(job: Job) -> Response[str]:
    """200 for what is done, 202 for what goes on in the background."""
    body = {**job.to_json(), "job_id": job.id}
    return http.respond(body) if job.state in DONE else http.accepted(body)
