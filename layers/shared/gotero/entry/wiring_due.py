"""What to do when something is due. Whatever it names is built when it fires, not before."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_jobs, wiring_records, wiring_segments, wiring_sending, wiring_workflows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gotero.ports import Due


@lru_cache
def due_handlers() -> "Mapping[str, Callable[[Due], object]]":
    """What to do when something is due, by the kind that its name begins with."""
    from functools import partial

    from gotero.domain.assignment import Key
    from gotero.domain.record import Ref
    from gotero.services.bin_record import PURGE
    from gotero.services.erase_person import AGAIN
    from gotero.services.evaluate_record import flip_record
    from gotero.services.fill_segment import run_step
    from gotero.services.fire_assignment import fire_assignment
    from gotero.services.follow_change import follow_on
    from gotero.services.mirror_suppressions import SYNC, mirror, sync
    from gotero.services.plan_message import plan_message
    from gotero.services.run_workflows import run_postponed_task
    from gotero.services.suppress import MIRROR, OPT_OUT, opt_out_on

    def assignment(due: "Due") -> object:
        return fire_assignment(
            wiring.drips(), Key.from_json(due.payload), send_mail=partial(plan_message, wiring.mail_planner())
        )

    def task(due: "Due") -> None:
        run_postponed_task(due.payload, wiring_workflows.tools())

    def message(due: "Due") -> None:
        wiring_sending.settle(due.thing.partition("#")[2])

    def job(due: "Due") -> None:
        wiring_sending.wake(due.thing.partition("#")[2])

    def follow(due: "Due") -> None:
        follow_on(wiring_segments.follower(), due.payload)

    def fill(due: "Due") -> None:
        run_step(wiring_segments.filler(), due.thing.partition("#")[2], due.payload)

    def steps(due: "Due") -> None:
        wiring_jobs.wake(due.thing.partition("#")[2])

    def opt_out(due: "Due") -> None:
        opt_out_on(wiring_sending.protector(), due.payload)

    def mirrored(due: "Due") -> None:
        mirror(wiring_sending.mirror(), due.payload)

    def synced(due: "Due") -> None:
        sync(wiring_sending.mirror(), due.payload)

    def flip(due: "Due") -> None:
        flip_record(wiring_segments.evaluator(), Ref.parse(due.thing.partition("#")[2]))

    return {
        "assignment": assignment,
        "task": task,
        "message": message,
        "job": job,
        "chunk": wiring_sending.send_chunk_now,
        "follow": follow,
        "fill": fill,
        "flip": flip,
        "steps": steps,
        OPT_OUT: opt_out,
        MIRROR: mirrored,
        SYNC: synced,
        PURGE: wiring_records.purge,
        AGAIN: wiring_records.erase_again,
    }
