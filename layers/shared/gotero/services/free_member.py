"""Let a record into AutoSync's reach again that somebody took out of a segment: what its rules say counts once more."""

from collections.abc import Sequence

from gotero.domain import instant
from gotero.domain.errors import ConflictError
from gotero.domain.record import Cause, Ref
from gotero.domain.segment import ACTIVE
from gotero.ports import Definition
from gotero.services.evaluate_record import Evaluator, evaluate_record


def free_members(evaluator: Evaluator, segment: Definition, refs: Sequence[Ref], *, cause: Cause) -> int:
    """How many were kept out. Nobody is put in by it: who meets no rule stays where he is.

    ConflictError for an inactive segment: nothing would follow.
    """
    if segment.data["status"] != ACTIVE:
        raise ConflictError("inactive", "segment_inactive", "status")
    return sum(_free(evaluator, segment.id, ref, cause) for ref in refs)


def _free(evaluator: Evaluator, segment: str, ref: Ref, cause: Cause) -> bool:
    freed = evaluator.memberships.free(segment, ref, cause, instant.write(evaluator.clock.now()))
    # Even if it was free: whoever freed it before may have stopped here.
    rules = [r for r in evaluator.rules.now().index.rules.values() if (r.segment, r.module) == (segment, ref.module)]
    evaluate_record(evaluator, ref, rules, cause=cause, heard=True)
    return freed
