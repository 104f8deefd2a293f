"""Streams of all that is recorded → the lake and the timelines. A batch that fails comes again whole."""

from gotero.entry import batch, wiring
from gotero.entry.changes import change_of
from gotero.services.project_change import project_changes


def all_of_them(records: list[batch.StreamRecord]) -> None:
    changes = [change for record in records if (change := change_of(record))]
    if changes:
        project_changes(wiring.projection(), changes, max(record.created_at for record in records))


handler = batch.stream_batch_handler(all_of_them)
