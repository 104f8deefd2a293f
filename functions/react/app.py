"""Streams of records, links, memberships and messages → AutoSync of segments, and the workflows that hear them."""

from contextlib import ExitStack

from gotero.domain.membership import Membership
from gotero.domain.record import Change
from gotero.entry import batch, wiring, wiring_segments, wiring_workflows
from gotero.entry.changes import heard_changes
from gotero.entry.observability import logger
from gotero.services.follow_change import follow_change, follows_transition
from gotero.services.project_change import Transition
from gotero.services.run_workflows import run_workflows


def one(record: batch.StreamRecord) -> None:
    with ExitStack() as all_of_them:  # neither end of a link waits for the other
        for change in heard_changes(record, wiring_workflows.tools().read, _asked_for):
            all_of_them.callback(_hear, change)


def _asked_for(membership: Membership, told: Transition) -> bool:
    """Most segments that a record enters or leaves nobody has a rule or a workflow on."""
    ref, segment, kind = membership.ref, membership.segment, told.kind
    return follows_transition(wiring_segments.follower(), ref, segment, kind, told.cause) or any(
        workflow.hears_transition(ref.module, segment, kind) for workflow in wiring_workflows.workflows().all()
    )


def _hear(change: Change) -> None:
    try:
        follow_change(wiring_segments.follower(), change)
    finally:  # neither waits for the other: what failed comes again, and finds the rest done
        workflows = wiring_workflows.workflows().all()
        if wiring_workflows.workflows().broken:
            logger.error("workflows that no longer fit", workflows=wiring_workflows.workflows().broken)
        if wiring.autosync_rules().broken:
            logger.error("segments whose AutoSync no longer fits", segments=wiring.autosync_rules().broken)
        run_workflows(change, workflows, wiring_workflows.tools())


handler = batch.stream_handler(one)
