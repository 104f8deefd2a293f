"""What to do when something is due. Whatever it names is built when it fires, not before."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_jobs, wiring_records, wiring_segments, wiring_sending, wiring_workflows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gotero.ports import Due

    Fire = Callable[[Due], object]


@lru_cache
def due_handlers() -> "Mapping[str, Fire]":
    """What to do when something is due, by the kind that its name begins with."""
    return {**_of_a_person(), **_of_a_job(), **_of_a_segment(), **_of_suppressions(), **_of_the_bin()}


def _of_a_person() -> "Mapping[str, Fire]":
    """What one recipient gets: an assignment, a delayed task, a message to be looked after."""
    from functools import partial

    from gotero.domain.assignment import Key
    from gotero.services.fire_assignment import fire_assignment
    from gotero.services.plan_message import plan_message
    from gotero.services.run_workflows import run_postponed_task

    def assignment(due: "Due") -> object:
        send_mail = partial(plan_message, wiring.mail_planner())
        return fire_assignment(wiring.drips(), Key.from_json(due.payload), send_mail=send_mail)

    return {
        "assignment": assignment,
        "task": lambda due: run_postponed_task(due.payload, wiring_workflows.tools()),
        "message": lambda due: wiring_sending.settle(_named(due)),
    }


def _of_a_job() -> "Mapping[str, Fire]":
    """A send and its chunks, and a job that goes in steps."""
    return {
        "job": lambda due: wiring_sending.wake(_named(due)),
        "chunk": wiring_sending.send_chunk_now,
        "steps": lambda due: wiring_jobs.wake(_named(due)),
    }


def _of_a_segment() -> "Mapping[str, Fire]":
    """The next steps of filling one and of following a change, and what the time alone turns."""
    from gotero.domain.record import Ref
    from gotero.services.evaluate_record import flip_record
    from gotero.services.fill_segment import run_step
    from gotero.services.follow_change import follow_on

    return {
        "follow": lambda due: follow_on(wiring_segments.follower(), due.payload),
        "fill": lambda due: run_step(wiring_segments.filler(), _named(due), due.payload),
        "flip": lambda due: flip_record(wiring_segments.evaluator(), Ref.parse(_named(due))),
    }


def _of_suppressions() -> "Mapping[str, Fire]":
    """Further records with an address, and the provider's own list."""
    from gotero.services.mirror_suppressions import SYNC, mirror, sync
    from gotero.services.suppress import MIRROR, OPT_OUT, opt_out_on

    return {
        OPT_OUT: lambda due: opt_out_on(wiring_sending.protector(), due.payload),
        MIRROR: lambda due: mirror(wiring_sending.mirror(), due.payload),
        SYNC: lambda due: sync(wiring_sending.mirror(), due.payload),
    }


def _of_the_bin() -> "Mapping[str, Fire]":
    """What is to go for good."""
    from gotero.services.bin_record import PURGE
    from gotero.services.erase_person import AGAIN

    return {PURGE: wiring_records.purge, AGAIN: wiring_records.erase_again}


def _named(due: "Due") -> str:
    """The thing without its kind."""
    return due.thing.partition("#")[2]
