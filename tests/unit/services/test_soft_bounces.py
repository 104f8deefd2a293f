"""Soft bounces in a row suppress an address, and a delivery begins anew."""

from dataclasses import replace
from itertools import permutations

import pytest

from gotero.domain.message_event import EventKind
from tests.unit.services.post_office import PostOffice
from tests.unit.services.suppression_people import ANA, at, mails_of, suppressed


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_five_soft_bounces_in_a_row_suppress_and_twice_is_once(office: PostOffice) -> None:
    mails = mails_of(office, office.contact(), 5)
    for n, mail in enumerate(mails):
        assert suppressed(office) is None
        for _ in range(2):
            office.tell(mail, EventKind.BOUNCED, f"e{n}", at=at(n), reason="Transient/MailboxFull: 452 full")
    assert suppressed(office) == "soft_bounces"
    assert office.suppressions.get_many([ANA])[ANA].message == mails[4].id


def test_the_newest_mails_count_whatever_their_keys_and_however_many_came_before(office: PostOffice) -> None:
    ref = office.contact()
    [first] = mails_of(office, ref, 1)
    # A table gives them by their keys: those of drips before those of workflows.
    before = [replace(first, key=replace(first.key, source_kind="as", source_id=f"a{n}")) for n in range(600)]
    office.messages.create_many([(message, {}) for message in before])
    mails = [office.plan(ref, f"later{n}") for n in range(5)]
    office.work()
    for n, mail in enumerate(mails):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=at(n), reason="Transient/MailboxFull: 452 full")
    assert suppressed(office) == "soft_bounces"


def test_a_delivery_begins_anew_in_any_order() -> None:
    ends = set()
    for order in permutations(range(4)):
        office = PostOffice()
        office.define("settings", {"soft_bounces": 3}, "deliverability")
        mails = mails_of(office, office.contact(), 4)
        for n in order:
            if n == 2:
                office.tell(mails[n], EventKind.DELIVERED, f"e{n}", at=at(n))
            else:
                office.tell(mails[n], EventKind.BOUNCED, f"e{n}", at=at(n), reason="Transient/MailboxFull: 452 full")
        ends.add(suppressed(office))
    assert ends == {None}


def test_what_is_wrong_with_the_mail_says_nothing_of_the_mailbox(office: PostOffice) -> None:
    reasons = ["Transient/MessageTooLarge: 552 5.3.4", "Transient/General: 554 5.7.1 blocked by policy"] * 3
    for n, mail in enumerate(mails_of(office, office.contact(), 6)):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=at(n), reason=reasons[n])
    assert suppressed(office) is None


def test_no_soft_bounce_is_enough_where_the_policy_is_off(office: PostOffice) -> None:
    office.define("settings", {"soft_bounces": 0}, "deliverability")
    for n, mail in enumerate(mails_of(office, office.contact(), 6)):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=at(n), reason="Transient/MailboxFull: full")
    assert suppressed(office) is None
