"""What comes between the steps of filling a segment: sleep, deletion, another job, death, a rule that fits no more."""

from dataclasses import replace
from typing import Any

import pytest

from gotero.domain.job import Job
from gotero.domain.modules import MODULES, Field, Label
from gotero.services import fill_segment
from gotero.services.find_filter import Chosen
from gotero.services.save_record import update_record
from gotero.services.save_segment import delete_segment
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.start_fill import start_load
from tests.unit.services.filled_office import ALZIRA, TWITTER, Filled, ids, stored, told
from tests.unit.services.office import BY_MARC, MARC


def test_asleep_while_it_is_filled_the_generation_before_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill_segment, "STEP", 10)
    office = Filled(many=25)
    office.turn(TWITTER)
    office.work()
    job = office.turn(ALZIRA)
    assert job
    old, new = ids(office.people), ids(office.people[1::2])
    office.step()
    office.set_status("Inactivo")
    office.work()
    ended = office.jobs.get(job.id)
    assert ended and ended.state == "cancelled"
    assert office.seen() == old
    update_record(office.writer, office.people[1], {"city": "Gandia"}, cause=BY_MARC)
    office.sync()
    office.set_status("Activo")
    views = [office.seen()]
    while office.step():
        views.append(office.seen())
    assert all(view == old or view <= new for view in views)
    office.pass_time(minutes=10)
    assert office.seen() == new - {office.people[1].id}
    assert stored(office, office.made)["retired"] == []


def test_a_segment_that_is_deleted_ends_the_jobs_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill_segment, "STEP", 10)
    office = Filled(many=25)
    loading = start_load(office.filler, office.made, TWITTER, user_id=MARC)
    filling = office.turn(TWITTER)
    assert filling
    office.step()
    office.step()
    made = office.definitions.get("segments", office.made.id)
    assert made
    delete_segment(office.definitions, made, office.jobs)
    office.pass_time(minutes=10)
    assert [job.state for id in (loading.id, filling.id) if (job := office.jobs.get(id))] == ["cancelled"] * 2
    assert not office.queue.bodies


def test_what_is_retired_during_anothers_last_round_is_taken_away_too(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Filled(many=10)
    office.turn(TWITTER)
    second = Chosen("contacts", ALZIRA.condition, "g")
    office.turn(second)
    office.work()
    office.turn(TWITTER, on=False)
    office.work()
    given = office.lake.given
    asked: list[Job | None] = []

    def meanwhile(*args: Any) -> Any:
        found = given(*args)
        if not asked:
            asked.append(office.turn(second, on=False))
        return found

    monkeypatch.setattr(office.lake, "given", meanwhile)
    office.pass_time(minutes=10)
    assert asked
    assert office.seen() == set()
    assert stored(office, office.made)["retired"] == []


def test_who_died_before_the_job_began_asks_again_and_has_it() -> None:
    office = Filled(many=10)
    turn_on(office.definer, office.made.id, TWITTER, replaces=None, cause=BY_MARC)
    first, again = office.turn(TWITTER), office.turn(TWITTER)
    assert first and again and first.id == again.id
    office.work()
    assert office.seen() == ids(office.people)
    office.pass_time(minutes=10)
    turn_off(office.definer, office.made.id, TWITTER, rule_id=None, cause=BY_MARC)
    assert office.turn(TWITTER, on=False)
    office.pass_time(minutes=10)
    assert sorted(told(office, "segment_left")) == sorted(ids(office.people))
    assert (stored(office, office.made)["retired"], office.turn(TWITTER, on=False)) == ([], None)


def test_a_rule_that_no_longer_fits_stops_no_other_and_its_members_stay() -> None:
    office = Filled(many=4)
    office.turn(TWITTER)
    office.work()
    other = office.segment(ALZIRA.condition)
    office.sync()
    data = stored(office, office.made)
    rules = [{**data["autosync"][0], "condition": {"field": "gone", "op": "is", "value": "M"}}]
    before = office.definitions.get("segments", office.made.id)
    assert before
    changed = replace(before, data={**data, "autosync": rules}, version=before.version + 1)
    office.definitions.put(changed, names={"name": data["name"]})
    office.rules._parsed.clear()  # a process that begins
    ana = office.contact(city="Alzira", leadsource="Twitter")
    office.sync()
    assert office.rules.broken == [office.made.id]
    assert office.seen() == ids(office.people)
    assert office.memberships.get(other.id, ana)


def test_a_rule_on_a_field_that_this_process_has_not_seen_yet_fits() -> None:
    office, added = Filled(many=1), Field("talla", Label("T", "T"), "text")
    shipped = MODULES.shipped.values()
    with_it = [m.with_fields([added]) if m.id == "contacts" else m for m in shipped]
    office.rules._declare = lambda: MODULES.declare(with_it)
    try:
        made = office.segment({"field": "talla", "op": "is", "value": "M"})
        assert [rule.segment for rule in office.rules.now().index.rules.values()] == [made.id]
    finally:
        MODULES.declare(shipped)
