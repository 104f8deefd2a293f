"""Streams of records, memberships and messages → the workflows that hear them."""

from gotero.entry import batch, wiring
from gotero.entry.changes import heard_change
from gotero.services.run_workflows import run_workflows


def one(record: batch.StreamRecord) -> None:
    change = heard_change(record, wiring.workflow_tools().read)
    if change:
        run_workflows(change, wiring.workflows().all(), wiring.workflow_tools())


handler = batch.stream_handler(one)
