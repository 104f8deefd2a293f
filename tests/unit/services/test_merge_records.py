"""Several records that are one: which value stays, what moves, and all of it undone."""

import pytest

from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import InvalidError, MergedError
from gotero.domain.job import Job
from gotero.domain.record import Ref
from gotero.ports import Source, TimelineEntry
from gotero.services.bin_record import delete_record
from gotero.services.find_duplicates import find_duplicates
from gotero.services.list_records import RecordQuery, list_records
from gotero.services.merge_records import MERGE, merge_kinds, preview_merge, start_merge
from gotero.services.read_timeline import read_timeline
from gotero.services.save_record import create_record, update_record
from gotero.services.save_segment import change_segment
from gotero.services.work_job import start_job, work_job
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC, MARC

AT = "2026-11-21T09:00:00.000Z"


@pytest.fixture
def office() -> MassOffice:
    return MassOffice()


def merge(office: MassOffice, kept: Ref, *others: Ref, **choices: str) -> Job:
    ids = [other.id for other in others]
    return start_merge(office.mass, kept.module, kept.id, ids, choices, user_id=MARC, key=None)


def test_the_kept_ones_values_stay_and_blanks_are_filled(office: MassOffice) -> None:
    kept = office.contact(lastname="Gil", leadsource="Other", email="ana@example.org")
    other = office.contact(lastname="Gil Marín", firstname="Ana", leadsource="Twitter", do_not_email=True)
    choices = {"lastname": other.id}
    shown = preview_merge(office.mass, "contacts", kept.id, [other.id], choices)
    told = {name: (field["value"], field["from"]) for name, field in shown["fields"].items()}
    assert told["lastname"] == ("Gil Marín", other.id)
    assert told["firstname"] == ("Ana", other.id)
    assert told["leadsource"] == ("Other", kept.id)
    assert told["do_not_email"] == (True, other.id), "whoever has objected in one has objected"
    assert office.record(kept).version == 1
    assert merge(office, kept, other, **choices).state == "finished"
    after = office.record(kept)
    assert {name: after.values.get(name) for name in told} == {name: value for name, (value, _) in told.items()}
    with pytest.raises(MergedError) as gone:
        office.record(other)
    assert gone.value.into == kept.id


def test_what_they_point_to_is_shown_by_its_name(office: MassOffice) -> None:
    turia = office.account(accountname="Turia")
    kept, other = office.contact(account=turia.id), office.contact()
    first, second = preview_merge(office.mass, "contacts", kept.id, [other.id], {})["records"]
    assert (first["titles"], second["titles"]) == ({"account": "Turia"}, {})


def test_the_kept_one_takes_a_unique_value_and_gives_it_back(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact(email="ana@example.org")
    job = merge(office, kept, other)
    assert office.records.find_unique("contacts", "email", "ana@example.org") == kept.id
    undone = office.undo(job)
    assert undone.outcome["failed"] == 0
    assert office.records.find_unique("contacts", "email", "ana@example.org") == other.id
    assert (office.record(kept).absorbed, office.record(other).merged_into) == ((), None)
    assert "email" not in office.record(kept).values


def test_what_points_to_them_moves_and_comes_back(office: MassOffice) -> None:
    kept, other = office.account(accountname="Turia"), office.account(accountname="Turia SL")
    people = [office.contact(account=other.id) for _ in range(120)]
    invoice = create_record(
        office.writer, "invoices", {"subject": "F", "account": other.id}, cause=BY_MARC, owner=MARC
    ).ref
    office.project()
    job = merge(office, kept, other)
    assert {office.record(ref).values["account"] for ref in (*people, invoice)} == {kept.id}
    update_record(office.writer, people[0], {"account": None}, cause=BY_MARC)
    undone = office.undo(job)
    assert {office.record(ref).values.get("account") for ref in (*people[1:], invoice)} == {other.id}
    assert [(e["id"], e["rule"]) for e in undone.outcome["errors"]] == [(people[0].id, "changed_since")]


def test_memberships_by_name_move_and_end_again(office: MassOffice) -> None:
    kept, other, segment = office.contact(), office.contact(), office.segment()
    office.memberships.add(segment.id, other, Source("form", "f1", AT, BY_MARC))
    job = merge(office, kept, other)
    member = office.memberships.get(segment.id, kept)
    assert member
    assert [(s.kind, s.id, s.since) for s in member.sources] == [("form", "f1", AT)]
    office.undo(job)
    assert office.memberships.get(segment.id, kept) is None
    assert office.memberships.get(segment.id, other)


def an_assignment(office: MassOffice, recipient: Ref, scheduled: str) -> Assignment:
    due = "2027-01-01T08:00:00.000Z"
    made = Assignment(Key(scheduled, recipient), "pending", due, "Europe/Madrid", ("direct",), BY_MARC, AT, AT)
    office.assignments.put(made)
    return made


def states(office: MassOffice, recipient: Ref) -> dict[str, tuple[str, str | None, str | None]]:
    found = office.assignments.of(recipient)[0]
    return {a.key.scheduled_action: (a.state, a.reason, a.due_at) for a in found}


def test_open_assignments_go_on_there_once_and_come_back(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact()
    both, theirs = an_assignment(office, kept, "s1"), an_assignment(office, other, "s2")
    an_assignment(office, other, "s1")
    job = merge(office, kept, other)
    due = both.due_at
    assert states(office, kept) == {"s1": ("pending", None, due), "s2": ("pending", None, due)}
    assert states(office, other) == {"s1": ("skipped", "merged", due), "s2": ("skipped", "merged", due)}
    assert f"assignment#{Key('s2', kept).id}" in [
        d.thing for p in office.due_index.due(office.clock.now().replace(year=2028)) for d in p
    ]
    office.undo(job)
    assert states(office, other)["s2"] == ("pending", None, theirs.due_at)
    assert states(office, kept)["s2"][:2] == ("skipped", "unassigned")


def test_timeline_and_related_records_are_read_through_the_kept_one(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact()
    for number, ref in enumerate((kept, other, kept, other)):
        at = f"2026-11-21T09:00:0{number}.000Z"
        office.timeline.add([TimelineEntry(ref, at, "created", BY_MARC, f"e{number}")])
    merge(office, kept, other)
    office.project()
    absorbed = office.record(kept).absorbed
    first, after = read_timeline(office.timeline, office.definitions, kept, 3, None, absorbed)
    rest, end = read_timeline(office.timeline, office.definitions, kept, 3, after, absorbed)
    assert ([e["at"][18] for e in (*first, *rest)], end) == (["3", "2", "1", "0"], None)
    invoice = create_record(
        office.writer, "invoices", {"subject": "F", "contact": kept.id}, cause=BY_MARC, owner=MARC
    ).ref
    office.project()
    page = list_records(office.lake, office.records, RecordQuery("invoices", related_to=kept), 10)
    assert [item["id"] for item in page.body["items"]] == [invoice.id]


def test_candidates_by_exact_rules_only(office: MassOffice) -> None:
    lia = office.contact(email="Lia@Example.org", phone="+34961000001")
    same = office.contact(secondaryemail="lia@example.org")
    dots = office.contact(email="l.ia@example.org")
    phone = office.contact(mobile="+34961000001")
    office.project()
    found = {c["id"]: c["rules"] for c in find_duplicates(office.lake, office.records, lia)}
    assert found == {phone.id: ["phone"], same.id: ["email"]}
    assert dots.id not in found, "dots are a part of an address"


def test_what_cannot_be_one_is_refused(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact()
    for others, choices, path in (
        ([], {}, "others"),
        ([kept.id], {}, "others[0]"),
        ([other.id, other.id], {}, "others[1]"),
        ([other.id], {"nothing": kept.id}, "choices.nothing"),
        ([other.id], {"lastname": "x"}, "choices.lastname"),
    ):
        with pytest.raises(InvalidError) as refused:
            start_merge(office.mass, "contacts", kept.id, others, choices, user_id=MARC, key=None)
        assert [e.path for e in refused.value.errors] == [path]
    assert office.record(other).version == 1


def begun(office: MassOffice, kept: Ref, *others: Ref) -> Job:
    """A merge whose others have just gone: somebody else comes between its steps."""
    chosen = {"chosen": {"module": kept.module}, "kept": kept.id, "others": [o.id for o in others], "choices": {}}
    job = start_job(office.job_line, MERGE, chosen, name="", user_id=MARC, total=len(others), at_once=True)
    time_left = iter((600.0, 0.0))
    work_job(office.job_line, merge_kinds(office.mass), job.id, lambda: next(time_left))
    return job


def ended(office: MassOffice, job: Job) -> Job:
    work_job(office.job_line, merge_kinds(office.mass), job.id, lambda: 600.0)
    after = office.jobs.get(job.id)
    assert after and after.state == "finished"
    return after


def test_two_that_are_merged_into_each_other_at_once_are_one_in_the_end(office: MassOffice) -> None:
    one, other = office.contact(), office.contact()
    first, second = begun(office, one, other), begun(office, other, one)
    gave_up, done = ended(office, first), ended(office, second)
    assert (gave_up.outcome["changed"], gave_up.outcome["failed"]) == (0, 1)
    assert (done.outcome["changed"], office.record(other).absorbed) == (1, (one.id,))
    with pytest.raises(MergedError):
        office.record(one)


def test_whom_nobody_is_there_to_take_over_comes_out_of_the_bin(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact(lastname="Gil")
    job = begun(office, kept, other)
    delete_record(office.writer, kept, cause=BY_MARC)
    assert [error["rule"] for error in ended(office, job).outcome["errors"]] == ["gone"]
    assert office.record(other).values["lastname"] == "Gil"


def test_who_has_gone_elsewhere_meanwhile_is_left_there(office: MassOffice) -> None:
    kept, other, third = office.contact(), office.contact(city="Gandia"), office.contact()
    merge(office, third, other)
    ended(office, begun(office, kept, other))
    assert (office.record(kept).absorbed, office.record(third).absorbed) == ((), (other.id,))
    assert office.record(kept).values.get("city") is None


def test_an_address_that_somebody_took_between_the_steps_is_theirs(office: MassOffice) -> None:
    kept, other = office.contact(), office.contact(email="ana@example.org", city="Gandia")
    job = begun(office, kept, other)
    quick = office.contact(email="ana@example.org")
    ended(office, job)
    assert office.records.find_unique("contacts", "email", "ana@example.org") == quick.id
    assert (office.record(kept).values.get("email"), office.record(kept).values["city"]) == (None, "Gandia")
    assert [e["rule"] for e in office.undo(job).outcome["errors"]] == ["unique"]


def test_a_segment_that_keeps_out_keeps_out_whoever_takes_over_a_member(office: MassOffice) -> None:
    kept, other, made = office.contact(), office.contact(), office.segment()
    change_segment(office.definer, made, {"keeps_out": True}, cause=BY_MARC, expected_version=None)
    office.memberships.add(made.id, kept, Source("manual", MARC, AT, BY_MARC))
    office.memberships.remove(made.id, kept, None, BY_MARC, AT)
    office.memberships.add(made.id, other, Source("form", "f1", AT, BY_MARC))
    merge(office, kept, other)
    assert office.memberships.get(made.id, kept) is None
