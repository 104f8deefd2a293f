"""A record has changed: bring its AutoSync memberships up to date, and those of the records around it."""

from dataclasses import dataclass

from gotero.domain.autosync import Rule
from gotero.domain.membership import Transition
from gotero.domain.message import MessageKey
from gotero.domain.record import Cause, Change, Ref
from gotero.domain.rule_index import RuleIndex
from gotero.domain.segment import MODULES
from gotero.ports import Due, Json, Queue
from gotero.services.evaluate_record import Evaluator, evaluate_record

#: As many records that point to the changed one, or are linked with it, are evaluated at once; those beyond go through
#: the queue.
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
    # Whoever is followed was changed before this process looked at the rules; later ones are filled by their own job.
    index = follower.evaluator.rules.seen().index
    cause = Cause("system", "autosync", event=event.id, depth=event.cause.depth)
    if event.kind == "purge":
        return
    if event.kind in ("relate", "unrelate"):
        _follow_link(follower, change, index, cause)
        return
    if "message_event" in change.extra:
        _follow_message(follower, change, index, cause)
        return
    if "transition" in change.extra:
        _follow_transition(follower, change, index, cause)
        return
    if after.module in MODULES:
        touched = index.touched(after.module, change.before, after)
        if event.form:
            touched = [*touched, *(rule for rule in index.posted(after.module, event.form) if rule not in touched)]
        if touched or (after.deleted_at and index.rules):
            # Of a record in the bin, everything is looked at that a rule has ever given it.
            rules = [] if after.deleted_at else touched
            evaluate_record(follower.evaluator, after.ref, rules, cause=cause, heard=True)
    for module, relation, rules in index.looking_at(after.module, change.before, after):
        _follow_relation(follower, after.ref, module, relation, rules, cause, None)
    for ref, rules in index.looked_at_from(after.module, change.before, after):
        evaluate_record(follower.evaluator, ref, rules, cause=cause, heard=True)


def _follow_link(follower: Follower, change: Change, index: RuleIndex, cause: Cause) -> None:
    """A link that is made or taken away is something about either end; each hears it."""
    after, other = change.after, follower.evaluator.records.get(change.extra["other"])
    if change.event.kind == "unrelate":
        rules = index.unlinked(after.module, change.extra["other"].module)
    else:
        rules = index.linked(after.module, other) if other else []
    if rules:
        evaluate_record(follower.evaluator, after.ref, rules, cause=cause, heard=True)


def follows_transition(follower: Follower, ref: Ref, segment: str, transition: Transition, cause: Cause) -> bool:
    """Whether any rule can turn by it."""
    index = follower.evaluator.rules.seen().index
    return bool(_rules_on_transition(index, ref.module, segment, transition, cause))


def _rules_on_transition(
    index: RuleIndex, module: str, segment: str, transition: Transition, cause: Cause
) -> list[Rule]:
    """Who enters or leaves a segment may enter or leave those that ask for its members.

    Whoever is put in by name is in AutoSync's reach again: its rules give beside the name from now on.
    """
    rules = index.on_members(module, segment)
    if transition == "segment_entered" and cause.kind != "system":
        rules = [*rules, *(rule for rule in index.of_segment(segment, module) if rule not in rules)]
    return rules


def _follow_transition(follower: Follower, change: Change, index: RuleIndex, cause: Cause) -> None:
    segment, transition = change.extra["segment"], change.extra["transition"]
    rules = _rules_on_transition(index, change.after.module, segment, transition, change.event.cause)
    if rules:
        evaluate_record(follower.evaluator, change.after.ref, rules, cause=cause, heard=True)


def _follow_message(follower: Follower, change: Change, index: RuleIndex, cause: Cause) -> None:
    """What becomes of a message is something about its recipient."""
    recipient = MessageKey.parse(change.after.id).recipient
    known, told = change.extra["facts"]
    rules = index.messaged(recipient.module, change.before, change.after, known, told)
    if rules:
        evaluate_record(follower.evaluator, recipient, rules, cause=cause, heard=True)


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
