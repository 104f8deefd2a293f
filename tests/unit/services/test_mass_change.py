"""Many records at once: at once or as a job, once whatever happens, and undone where nobody has been since."""

from dataclasses import replace

import pytest

from gotero.domain.errors import ConflictError, InvalidError, NotFoundError
from gotero.domain.mass_edit import Chosen, Edit
from gotero.ports import Source
from gotero.services.bin_record import KEPT
from gotero.services.mass_change import count_chosen
from gotero.services.save_record import create_record, update_record
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC, MARC

FACEBOOK = Edit({"leadsource": "Partner"})
TWITTER = {"field": "leadsource", "op": "is", "value": "Twitter"}


@pytest.fixture
def office() -> MassOffice:
    return MassOffice()


def test_a_few_are_changed_while_the_caller_waits_and_undone(office: MassOffice) -> None:
    lia, ana, eva = office.people(3, leadsource="Twitter")
    update_record(office.writer, eva, {"leadsource": "Partner"}, cause=BY_MARC)
    edit = replace(FACEBOOK, add_tags=("feria",))
    job = office.start(Chosen("contacts", (lia.id, ana.id, eva.id, "0" * 26)), edit)
    assert job.state == "finished"
    told = {name: job.outcome[name] for name in ("changed", "unchanged", "failed")}
    assert told == {"changed": 3, "unchanged": 0, "failed": 1}
    assert [(e["id"], e["rule"]) for e in job.outcome["errors"]] == [("0" * 26, "gone")]
    assert [office.record(r).values["leadsource"] for r in (lia, ana, eva)] == ["Partner"] * 3
    update_record(office.writer, ana, {"leadsource": "Web Site"}, cause=BY_MARC, tags=("feria", "vip"))
    undone = office.undo(job)
    assert (undone.state, undone.outcome["changed"], undone.outcome["failed"]) == ("finished", 2, 1)
    assert undone.outcome["errors"] == [{"id": ana.id, "path": "", "rule": "changed_since", "fields": "leadsource"}]
    assert [office.record(r).values["leadsource"] for r in (lia, ana, eva)] == ["Twitter", "Web Site", "Partner"]
    assert [office.record(r).tags for r in (lia, ana, eva)] == [(), ("vip",), ()]
    assert office.undo(job) == undone, "asked again it is the same job"


def test_beyond_a_hundred_it_is_a_job_that_goes_on_where_it_stood(office: MassOffice) -> None:
    people = office.people(120, leadsource="Twitter")
    chosen = Chosen("contacts", condition=TWITTER)
    assert count_chosen(office.mass, chosen)["count"] == 120
    job = office.start(chosen, FACEBOOK)
    assert (job.state, job.total, office.record(people[0]).values["leadsource"]) == ("running", 120, "Twitter")
    office.clock.move(seconds=1)
    (late,) = office.people(1, leadsource="Twitter")
    done = office.worked(job)
    assert (done.state, done.outcome["changed"], done.turn) == ("finished", 120, 3)
    assert office.record(late).values["leadsource"] == "Twitter", "it was not there when the job was asked for"
    undone = office.worked(office.undo(done))
    assert (undone.outcome["changed"], undone.outcome["failed"]) == (120, 0)
    assert {office.record(ref).values["leadsource"] for ref in people} == {"Twitter"}


def test_a_step_that_is_cut_off_keeps_what_was_there_before(
    office: MassOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = office.people(110, leadsource="Twitter")
    job = office.start(Chosen("contacts", condition=TWITTER), FACEBOOK)
    update, left = office.records.update, [20]

    def dies(*args: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise ZeroDivisionError
        update(*args)  # type: ignore[arg-type]  # handed on as they come

    monkeypatch.setattr(office.records, "update", dies)
    with pytest.raises(ZeroDivisionError):
        office.worked(job)
    office.project()
    done = office.worked(job)
    assert (done.outcome["changed"], done.outcome["failed"]) == (110, 0)
    assert {office.record(ref).version for ref in people} == {2}
    office.undo(done)
    assert {office.record(ref).values["leadsource"] for ref in people} == {"Twitter"}


def test_whoever_is_overtaken_notes_what_the_other_wrote(office: MassOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    (lia,) = office.people(1, leadsource="Twitter")
    get_many = office.records.get_many

    def overtaken(refs: object) -> object:
        found = get_many(refs)  # type: ignore[arg-type]  # handed on as they come
        monkeypatch.setattr(office.records, "get_many", get_many)
        update_record(office.writer, lia, {"leadsource": "Web Site"}, cause=BY_MARC)
        return found

    chosen = Chosen("contacts", condition=TWITTER)
    monkeypatch.setattr(office.records, "get_many", overtaken)
    job = office.start(chosen, FACEBOOK)
    assert (job.outcome["changed"], office.record(lia).values["leadsource"]) == (1, "Partner")
    office.undo(job)
    assert office.record(lia).values["leadsource"] == "Web Site"


def test_deleted_by_the_hundred_and_taken_out_again(office: MassOffice) -> None:
    people = office.people(3, leadsource="Twitter")
    taken = create_record(
        office.writer, "contacts", {"lastname": "L", "email": "l@example.org"}, cause=BY_MARC, owner=MARC
    )
    job = office.start(Chosen("contacts", (*(p.id for p in people), taken.id)))
    assert job.outcome["changed"] == 4
    with pytest.raises(NotFoundError):
        office.record(people[0])
    other = office.contact(email="l@example.org")
    undone = office.undo(job)
    assert [(e["id"], e["rule"], e["holder"]) for e in undone.outcome["errors"]] == [(taken.id, "unique", other.id)]
    assert [office.record(p).values["leadsource"] for p in people] == ["Twitter"] * 3


def test_members_of_a_segment_in_another_module_stay(office: MassOffice) -> None:
    segment, lia, firm = office.segment(), office.contact(), office.account()
    for ref in (lia, firm):
        office.memberships.add(segment.id, ref, Source("manual", MARC, "2026", BY_MARC))
    office.project()
    chosen = Chosen("contacts", segment=segment.id)
    assert count_chosen(office.mass, chosen)["count"] == 1
    assert office.start(chosen, Edit(add_tags=("x",))).outcome["changed"] == 1
    assert (office.record(lia).tags, office.record(firm).tags) == (("x",), ())


@pytest.mark.parametrize(
    ("edit", "path", "rule"),
    [
        (Edit(), "values", "nothing_to_do"),
        (Edit({"email": "a@example.org"}), "values.email", "unique_many"),
        (Edit({"leadsource": "Nowhere"}), "values.leadsource", "picklist"),
        (Edit({"lastname": ""}), "values.lastname", "required"),
        (Edit(owner="nobody"), "owner", "user"),
    ],
)
def test_what_no_record_could_take_is_refused_before_anything(
    office: MassOffice, edit: Edit, path: str, rule: str
) -> None:
    (lia,) = office.people(1)
    with pytest.raises(InvalidError) as refused:
        office.start(Chosen("contacts", (lia.id,)), edit)
    assert [(e.path, e.rule) for e in refused.value.errors] == [(path, rule)]
    assert office.record(lia).version == 1


def test_the_same_request_is_one_job_and_thirty_days_are_the_end(office: MassOffice) -> None:
    (lia,) = office.people(1)
    chosen = Chosen("contacts", (lia.id,))
    job = office.start(chosen, Edit(add_tags=("x",)), key="k")
    update_record(office.writer, lia, {}, cause=BY_MARC, tags=())
    assert office.start(chosen, Edit(add_tags=("x",)), key="k") == job
    assert office.record(lia).tags == ()
    office.clock.set(office.clock.now() + KEPT + KEPT)
    with pytest.raises(ConflictError):
        office.undo(job)
