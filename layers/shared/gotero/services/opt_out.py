"""Set «No enviar email» on a record, and who or what asked for it."""

from contextlib import suppress

from gotero.domain.errors import NotFoundError
from gotero.domain.record import Cause, Ref
from gotero.services.save_record import RecordWriter, update_record


def set_do_not_email(writer: RecordWriter, ref: Ref, source: str, cause: Cause) -> None:
    """Twice is once. A mark that a person set by hand stays theirs: it stops more mails than the others do.

    Whoever has become a part of another record since the mail left is that record now.
    """
    record = writer.records.get(ref)
    while record and record.merged_into:
        ref = Ref(ref.module, record.merged_into)
        record = writer.records.get(ref)
    if record is None or record.deleted_at or record.values.get("do_not_email"):
        return
    # Deleted between the look and the write: nobody is left to protect.
    with suppress(NotFoundError):
        update_record(writer, ref, {"do_not_email": True}, cause=cause, computed={"do_not_email_source": source})
