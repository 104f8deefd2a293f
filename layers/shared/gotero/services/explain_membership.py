"""Why a record is in a segment, or not: its sources, what keeps AutoSync away, and what every rule says of it now."""

from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.membership import Standing
from gotero.domain.record import Ref
from gotero.domain.segment import MODULES
from gotero.services.evaluate_record import Evaluator, view_of


def explain_membership(evaluator: Evaluator, segment: str, ref: Ref) -> dict[str, Any]:
    """{member, since, sources, blocked, rules}. NotFoundError for what cannot be a member at all.

    A rule is told with its verdict, the tree of its condition with the values that were found, the leaves of which one
    would turn it, and the instant at which the time alone will.
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
        "rules": _told(evaluator, segment, ref, standing),
    }


def _told(evaluator: Evaluator, segment: str, ref: Ref, standing: Standing) -> list[dict[str, Any]]:
    of_segment = (rule for rule in evaluator.rules.now().index.rules.values() if rule.segment == segment)
    rules = [rule for rule in of_segment if rule.module == ref.module]
    record = evaluator.records.get(ref) if rules else None
    if record is None or record.deleted_at:
        return []
    view = view_of(evaluator, record, (rule.condition for rule in rules), standing)
    return [_rule(rule, view) for rule in rules]


def _rule(rule: Rule, view: conditions.View) -> dict[str, Any]:
    flip = conditions.next_flip(rule.condition, view)
    return {
        "id": rule.id,
        "filter_id": rule.filter_id,
        "state": rule.state,
        "verdict": conditions.decide(rule.condition, view),
        "tree": conditions.explain(rule.condition, view),
        "turned_by": conditions.turned_by(rule.condition, view),
        "flips_at": instant.write(flip) if flip else None,
    }
