"""Streams of records, memberships and messages → AutoSync of segments, and the workflows that hear them."""

from gotero.entry import batch, wiring, wiring_segments
from gotero.entry.changes import heard_change
from gotero.entry.observability import logger
from gotero.services.follow_change import follow_change
from gotero.services.run_workflows import run_workflows


def one(record: batch.StreamRecord) -> None:
    change = heard_change(record, wiring.workflow_tools().read)
    if change:
        try:
            follow_change(wiring_segments.follower(), change)
        finally:  # neither waits for the other: what failed comes again, and finds the rest done
            workflows = wiring.workflows().all()
            if wiring.workflows().broken:
                logger.error("workflows that no longer fit", workflows=wiring.workflows().broken)
            run_workflows(change, workflows, wiring.workflow_tools())


handler = batch.stream_handler(one)
