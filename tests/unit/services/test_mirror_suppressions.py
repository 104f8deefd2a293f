"""Our suppression list and the provider's own, in step."""

from datetime import timedelta
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryMarks
from gotero.adapters.memory.suppressions import MemoryProviderSuppressions
from gotero.domain import instant
from gotero.domain.message_event import EventKind
from gotero.domain.suppression import Suppression
from gotero.ports import Due
from gotero.services.edit_suppressions import add_by_hand, import_list, take_off
from gotero.services.mirror_suppressions import SYNC, Mirror, mirror, sync
from gotero.services.suppress import history_of
from tests.unit.services.post_office import PostOffice
from tests.unit.services.suppression_people import ANA, LUCIA, at, mails_of, suppressed


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def ses() -> MemoryProviderSuppressions:
    return MemoryProviderSuppressions()


def _desk(office: PostOffice, ses: MemoryProviderSuppressions) -> Mirror:
    return Mirror(office.protector, ses, office.due_index, MemoryMarks())


def _run(office: PostOffice, desk: Mirror) -> None:
    while bodies := office.due_queue.take():
        for due in map(Due.from_json, bodies):
            sync(desk, due.payload) if due.thing == SYNC else mirror(desk, due.payload)


def test_what_changes_here_is_written_there(office: PostOffice, ses: MemoryProviderSuppressions) -> None:
    desk = _desk(office, ses)
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    _run(office, desk)
    assert set(ses.stored) == {ANA}
    take_off(office.protector, {"address": ANA, "note": "n"}, LUCIA)
    _run(office, desk)
    assert ses.stored == {}


def test_what_was_cut_off_behind_the_list_is_done_when_the_event_comes_again(
    office: PostOffice, ses: MemoryProviderSuppressions, monkeypatch: pytest.MonkeyPatch
) -> None:
    [mail] = mails_of(office, office.contact(), 1)
    bounced: dict[str, Any] = {"at": at(1), "permanent": True, "suppress": True, "elsewhere": True}

    def lost(bodies: Any, delay_seconds: int = 0) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(office.due_queue, "put", lost)
        with pytest.raises(OSError):
            office.tell(mail, EventKind.BOUNCED, **bounced)
    assert suppressed(office) == "hard_bounce"
    office.tell(mail, EventKind.BOUNCED, **bounced)
    _run(office, _desk(office, ses))
    assert set(ses.stored) == {ANA}
    assert [e.kind for e in office.timeline.page(history_of(ANA), 10, None)[0]] == ["suppressed"]


def test_the_provider_hears_of_a_list_once_it_stands_here(office: PostOffice) -> None:
    """What fires while the list is being written finds nothing, and takes off what the provider has found itself."""
    import_list(office.protector, office.due_index, {"text": ANA}, LUCIA)
    told = office.due_index.due(office.clock.now() + timedelta(seconds=30))
    assert [due for page in told for due in page] == []


def test_a_provider_that_is_asked_too_fast_is_asked_again_later(
    office: PostOffice, ses: MemoryProviderSuppressions
) -> None:
    desk = _desk(office, ses)
    ses.refusals = 1
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    _run(office, desk)
    assert ses.stored == {}
    office.clock.move(seconds=31)
    for page in office.due_index.due(office.clock.now()):
        for due in page:
            mirror(desk, due.payload)
    assert set(ses.stored) == {ANA}


def test_what_the_provider_found_comes_here_page_by_page_and_from_its_mark(
    office: PostOffice, ses: MemoryProviderSuppressions
) -> None:
    desk = _desk(office, ses)
    now = instant.write(office.clock.now())
    ses.stored = {f"p{n}@example.com": Suppression(f"p{n}@example.com", "hard_bounce", now) for n in range(5)}
    sync(desk, {})
    _run(office, desk)
    assert len(office.suppressions.get_many(ses.stored)) == 5
    assert desk.marks.get(SYNC) == now
    # Taken off here, and the provider has not heard of it: it is told again, and does not bring it back.
    office.clock.move(minutes=1)
    take_off(office.protector, {"address": "p3@example.com", "note": "n"}, LUCIA)
    office.due_queue.take()
    sync(desk, {})
    _run(office, desk)
    assert suppressed(office, "p3@example.com") is None
    assert "p3@example.com" not in ses.stored
