"""Why a record is in a segment, or not: its sources, what keeps AutoSync away, and what every rule says of it now."""

from dataclasses import replace
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule
from gotero.domain.condition.pivots import pivots
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.membership import Standing
from gotero.domain.record import Ref
from gotero.domain.segment import MODULES
from gotero.ports import Records
from gotero.services.evaluate_record import Evaluator, view_of


def explain_membership(evaluator: Evaluator, segment: str, ref: Ref, seen: Records | None = None) -> dict[str, Any]:
    """{member, since, sources, blocked, rules}. NotFoundError for what cannot be a member at all.

    A rule is told with its verdict, the tree of its condition with the values that were found, the leaves of which one
    would turn it, and the instant at which the time alone will. Rules act on all records: the verdicts are theirs; the
    values are of the records that are `seen` by whoever asks.
    """
    if ref.module not in MODULES or not is_id(ref.id):
        raise NotFoundError(str(ref))
    found = evaluator.memberships.get(segment, ref)
    standing = evaluator.memberships.standing(ref)
    blocked = standing.of(segment).blocked
    return {
        "member": found is not None,
        "since": found.since if found else None,
        "sources": [source.to_json() for source in found.sources] if found else [],
        "blocked": blocked.to_json() if blocked else None,
        "rules": _told(evaluator, segment, ref, standing, seen or evaluator.records),
    }


def _told(evaluator: Evaluator, segment: str, ref: Ref, standing: Standing, seen: Records) -> list[dict[str, Any]]:
    of_segment = (rule for rule in evaluator.rules.now().index.rules.values() if rule.segment == segment)
    rules = [rule for rule in of_segment if rule.module == ref.module]
    record = evaluator.records.get(ref) if rules else None
    if record is None or record.deleted_at:
        return []
    asked = [rule.condition for rule in rules]
    view = shown = view_of(evaluator, record, asked, standing)
    if seen is not evaluator.records:
        shown = view_of(replace(evaluator, records=seen), record, asked, standing)
    return [_rule(rule, view, shown) for rule in rules]


def _rule(rule: Rule, view: conditions.View, shown: conditions.View) -> dict[str, Any]:
    flip = conditions.next_flip(rule.condition, view)
    tree = conditions.explain(rule.condition, shown)
    if shown is not view:
        tree = _judged(tree, conditions.explain(rule.condition, view))
    return {
        "id": rule.id,
        "filter_id": rule.filter_id,
        "state": rule.state,
        "verdict": conditions.decide(rule.condition, view),
        "tree": tree,
        "turned_by": pivots(tree),
        "flips_at": instant.write(flip) if flip else None,
    }


def _judged(shown: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What is seen, under the verdicts of what is there: two trees of one condition."""
    if "not" in told:
        return {**told, "not": _judged(shown["not"], told["not"])}
    for group in ("all", "any"):
        if group in told:
            return {**told, group: [_judged(*pair) for pair in zip(shown[group], told[group], strict=True)]}
    return {**shown, "verdict": told["verdict"]}
