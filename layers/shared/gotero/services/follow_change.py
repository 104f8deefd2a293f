"""A record has changed: bring its AutoSync memberships up to date, and those of the records that point to it."""

from dataclasses import dataclass

from gotero.domain.autosync import Rule, RuleIndex
from gotero.domain.record import Cause, Change, Ref
from gotero.domain.segment import MODULES
from gotero.ports import Due, Json, Queue
from gotero.services.evaluate_record import Evaluator, evaluate_record

#: As many records that point to the changed one are evaluated at once; what is beyond goes through the queue.
AT_ONCE = 100
FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class Follower:
    evaluator: Evaluator
    #: The queue of what is due: carries what is too much for one call.
    queue: Queue


def follow_change(follower: Follower, change: Change) -> None:
    """Evaluate what this change can have turned, and nothing else. Twice or late is harmless: inputs are read anew."""
    after, event = change.after, change.event
    index = follower.evaluator.rules.now().index
    cause = Cause("system", "autosync", event=event.id, depth=event.cause.depth)
    if "message_event" in change.extra or event.kind == "purge":
        return
    if "transition" in change.extra:
        _follow_entry(follower, change, index, cause)
        return
    if after.module in MODULES:
        touched = index.touched(after.module, change.before, after)
        if touched or (after.deleted_at and index.rules):
            # Of a record in the bin, everything is looked at that a rule has ever given it.
            rules = [] if after.deleted_at else touched
            evaluate_record(follower.evaluator, after.ref, rules, cause=cause, heard=True)
    for module, relation, rules in index.looking_at(after.module, change.before, after):
        _follow_relation(follower, after.ref, module, relation, rules, cause, None)


def _follow_entry(follower: Follower, change: Change, index: RuleIndex, cause: Cause) -> None:
    """Whoever is put in by name is in AutoSync's reach again: its rules give beside the name from now on."""
    if change.extra["transition"] != "segment_entered" or change.event.cause.kind == "system":
        return
    rules = index.of_segment(change.extra["segment"], change.after.module)
    if rules:
        evaluate_record(follower.evaluator, change.after.ref, rules, cause=cause, heard=True)


def follow_on(follower: Follower, payload: Json) -> None:
    """The next records that point to a changed one."""
    known = follower.evaluator.rules.now().index.rules
    rules = [known[id] for id in payload["rules"] if id in known]
    target, cause = Ref.from_json(payload["target"]), Cause.from_json(payload["cause"])
    _follow_relation(follower, target, payload["module"], payload["relation"], rules, cause, payload["after"])


def _follow_relation(
    follower: Follower, target: Ref, module: str, relation: str, rules: list[Rule], cause: Cause, after: str | None
) -> None:
    evaluator = follower.evaluator
    refs, following = evaluator.records.pointing(target, module, relation, AT_ONCE, after)
    if following:
        payload = {
            "target": target.to_json(),
            "module": module,
            "relation": relation,
            "rules": [rule.id for rule in rules],
            "cause": cause.to_json(),
            "after": following,
        }
        now = evaluator.clock.now()
        follower.queue.put([Due(now, f"{FOLLOW}#{target}", payload).to_json()])
    for ref in refs:
        evaluate_record(evaluator, ref, rules, cause=cause, heard=True)
