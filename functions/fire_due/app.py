"""What is due: an assignment, a message to settle, a delayed task, a step of a job, a segment that the time changes.

What nobody knows ends in the dead letters.
"""

from gotero.domain.errors import PermanentError
from gotero.entry import batch, wiring_due
from gotero.ports import Due


def one(record: batch.QueueRecord) -> None:
    due = Due.from_json(record.body)
    kind = due.thing.partition("#")[0]
    fire = wiring_due.due_handlers().get(kind)
    if fire is None:
        raise PermanentError(f"nothing handles what is due: {kind}")
    fire(due)


handler = batch.queue_handler(one)
