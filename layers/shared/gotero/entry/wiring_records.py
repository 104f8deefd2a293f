"""The wiring of what is done to records beside saving them. The rest of it stands in wiring.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_exchange, wiring_jobs, wiring_mail, wiring_sending

if TYPE_CHECKING:
    from gotero.domain.record import Ref
    from gotero.ports import Due, TimelineEntry
    from gotero.services.bin_record import Bin
    from gotero.services.erase_person import Eraser
    from gotero.services.export_person import PersonFile
    from gotero.services.mass_change import Mass


@lru_cache
def record_bin() -> "Bin":
    from gotero.services.bin_record import Bin

    return Bin(wiring.record_writer(), wiring.due_index())


@lru_cache
def mass() -> "Mass":
    from gotero.services.mass_change import Mass

    return Mass(
        record_bin(), wiring.lake(), wiring_jobs.job_log(), wiring_jobs.job_line(), wiring.memberships(), wiring.drips()
    )


@lru_cache
def person_file() -> "PersonFile":
    from gotero.services.export_person import PersonFile

    return PersonFile(
        wiring.records(),
        wiring.memberships(),
        wiring.drips(),
        wiring.messages(),
        wiring_sending.suppressions(),
        wiring.timeline(),
        wiring_jobs.job_log(),
        wiring_jobs.job_line(),
        wiring_exchange.files(),
        wiring.definitions(),
    )


@lru_cache
def eraser() -> "Eraser":
    from gotero.services.erase_person import Eraser

    return Eraser(person_file(), wiring.record_writer(), wiring_sending.ledger(), wiring_mail.letters(), wiring.lake())


def erase_again(due: "Due") -> None:
    """The streams have forgotten somebody who was erased a day ago."""
    from gotero.services.erase_person import erase_again

    erase_again(eraser(), due.thing.partition("#")[2])


def purge(due: "Due") -> None:
    """Somebody's time in the bin is over."""
    from gotero.domain.record import Ref
    from gotero.services.bin_record import purge_record

    ref = Ref.parse(due.thing.partition("#")[2])
    purge_record(wiring.record_writer(), wiring.timeline(), wiring.memberships(), ref)


def told_elsewhere(ref: "Ref") -> "list[TimelineEntry]":
    """What the timeline of this record tells beside its own entries."""
    from gotero.domain.message import MessageKey
    from gotero.services import told_elsewhere

    if ref.module == "messages":
        message = wiring.messages().get(MessageKey.parse(ref.id))
        return told_elsewhere.message_entries(message) if message else []
    if ref.module == "campaigns":
        return told_elsewhere.campaign_entries(wiring_sending.jobs(), ref.id)
    return []
