"""Workflows that wait for a link between two records, many to many."""

import pytest

from gotero.domain import instant
from gotero.domain.errors import InvalidError
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.twitter_office import Twitter


@pytest.mark.parametrize("trigger", ["relate", "unrelate"])
def test_a_link_is_heard_at_both_ends_and_saves_neither(trigger: str) -> None:
    office = Twitter()
    fair = create_record(office.writer, "campaigns", {"name": "Feria"}, cause=BY_MARC, owner=MARC).ref
    product = create_record(office.writer, "products", {"name": "Naranja"}, cause=BY_MARC, owner=MARC).ref
    ref = office.contact(leadsource="Twitter")
    marked = [{"type": "update_fields", "params": {"values": {"description": "x"}}}]
    in_a_fair = {"related": "campaigns", "match": "any" if trigger == "relate" else "none"}
    office.workflow(trigger={"on": trigger, "with": "campaigns"}, condition=in_a_fair)
    office.workflow(name="w2", module="campaigns", trigger={"on": trigger}, condition=None, tasks=marked)
    office.workflow(name="w3", trigger={"on": "save"}, condition=in_a_fair, tasks=marked)
    office.workflow(
        name="w4", trigger={"on": "unrelate" if trigger == "relate" else "relate"}, condition=None, tasks=marked
    )
    records, at = office.records, instant.write(office.clock.now())
    if trigger == "unrelate":
        records.link(ref, fair, BY_MARC, at)
        records.link(ref, product, BY_MARC, at)
    office.changes.clear()
    turn = records.link if trigger == "relate" else records.unlink
    turn(ref, product, BY_MARC, at)
    office.react()
    assert not office.is_member(ref), "it waits for campaigns"
    turn(ref, fair, BY_MARC, at)
    office.react(times=2)
    assert office.is_member(ref)
    values = [found.values.get("description") for found in records.get_many([ref, fair]).values()]
    assert values == [None, "x"]


def test_a_workflow_waits_for_no_link_that_there_cannot_be() -> None:
    office = Twitter()
    for module, on, told in (
        ("invoices", {"on": "relate"}, ("trigger.on", "not_linked")),
        ("contacts", {"on": "unrelate", "with": "invoices"}, ("trigger.with", "choice")),
    ):
        with pytest.raises(InvalidError) as refused:
            office.workflow(module=module, trigger=on, condition=None, tasks=[])
        assert [(e.path, e.rule) for e in refused.value.errors] == [told]
