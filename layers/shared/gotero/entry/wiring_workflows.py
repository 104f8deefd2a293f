"""The wiring of workflows: what they are, and what their tasks act with."""

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from gotero.entry import wiring

if TYPE_CHECKING:
    from gotero.ports import Rests
    from gotero.services.do_task import Tools
    from gotero.services.run_workflows import Workflows


@lru_cache
def workflows() -> "Workflows":
    from gotero.services.run_workflows import Workflows

    return Workflows(wiring.definitions())


@lru_cache
def _rests() -> "Rests":
    from gotero.adapters.dynamodb.work import DynamoRests

    return DynamoRests(wiring.clock)


@lru_cache
def tools() -> "Tools":
    from gotero.services.assign_by_task import assign_by_task, unassign_by_task
    from gotero.services.do_task import Tools
    from gotero.services.read_record import find_record
    from gotero.services.send_by_task import send_by_task

    return Tools(
        writer=wiring.record_writer(),
        messages=wiring.messages(),
        memberships=wiring.memberships(),
        timeline=wiring.timeline(),
        due_index=wiring.due_index(),
        send_mail=partial(send_by_task, wiring.mail_planner(), _rests()),
        assign=partial(assign_by_task, wiring.drips()),
        unassign=partial(unassign_by_task, wiring.drips()),
        read=partial(find_record, wiring.reading()),
    )
