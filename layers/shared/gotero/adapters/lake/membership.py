"""Members and audiences, in SQL over the datasets `members` and the modules whose records stand in segments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gotero.adapters.lake.columns import MEMBERS, literal, quote, rows_table
from gotero.domain.audience import Audience
from gotero.domain.modules import RECIPIENTS, Module, title
from gotero.domain.record import Ref
from gotero.ports import Json

#: What a question about members reads.
DATASETS = (MEMBERS, *RECIPIENTS)


def counted(uncounted: Collection[str]) -> str:
    """Memberships that have a source which counts (domain/membership.py)."""
    if not uncounted:
        return MEMBERS
    ids = ", ".join(literal(id) for id in sorted(uncounted))
    some = f"len(list_filter(source_ids, lambda id: NOT list_contains([{ids}], id))) > 0"
    return f"(SELECT * FROM {MEMBERS} WHERE source_ids IS NULL OR {some})"


def living(uncounted: Collection[str]) -> str:
    """Memberships whose record has not been deleted. A record that is not projected yet counts as there."""
    gone = " UNION ALL ".join(
        f"SELECT {literal(module)} AS module, id FROM {quote(rows_table(module))} WHERE deleted"
        for module in RECIPIENTS
    )
    return f"(FROM {counted(uncounted)} m ANTI JOIN ({gone}) g ON g.module = m.module AND g.id = m.record)"


def seen(owners: Mapping[str, Collection[str]]) -> tuple[str, list[Any]]:
    """What follows in the WHERE of members `r`: of these modules only records of these owners."""
    where, parameters = "", []
    for module in sorted(set(owners) & set(RECIPIENTS)):
        belongs = f"SELECT 1 FROM {quote(module)} t WHERE t.id = r.record AND list_contains(?, t.owner)"
        where += f" AND (r.module <> {literal(module)} OR EXISTS ({belongs}))"
        parameters.append(sorted(owners[module]))
    return where, parameters


#: Hours or days (UTC) in which records entered or left a segment, how many of each module.
MOVES = """
SELECT strftime(date_trunc({unit}, "at"), '%Y-%m-%dT%H:%M:%S.000Z') AS moment, module,
       count(*) FILTER (kind = 'segment_entered') AS entered, count(*) FILTER (kind = 'segment_left') AS "left"
FROM transitions WHERE segment = ? GROUP BY moment, module ORDER BY moment, module
"""


@dataclass(frozen=True, slots=True)
class Part:
    """SQL with its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


def audience(wanted: Audience, filters: Sequence[Part], uncounted: Collection[str]) -> Part:
    """Module and record of everybody of the audience. `filters` are its filters, as rows of the same two columns."""
    parts = [*filters]
    if wanted.everyone:
        parts += [_everyone(module) for module in RECIPIENTS]
    if wanted.segments:
        members = f"SELECT module, record FROM {living(uncounted)} WHERE list_contains(?, segment)"
        parts.append(Part(members, [list(wanted.segments)]))
    if wanted.records:
        parts += [_picked(module, wanted.records) for module in RECIPIENTS]
    if wanted.not_opened:
        parts.append(Part(_NOT_OPENED, [wanted.not_opened]))
    if not parts:
        parts.append(Part("SELECT NULL AS module, NULL AS record WHERE false"))
    included = f"SELECT DISTINCT module, record FROM ({' UNION ALL '.join(part.sql for part in parts)})"
    parameters = [value for part in parts for value in part.parameters]
    if wanted.except_segments:
        excluded = f"SELECT module, record FROM {counted(uncounted)} WHERE list_contains(?, segment)"
        included = f"SELECT * FROM ({included}) ANTI JOIN ({excluded}) USING (module, record)"
        parameters.append(list(wanted.except_segments))
    return Part(included, parameters)


def narrowed(people: Part, after: Ref | None, among: Sequence[Ref], found: Part | None) -> Part:
    """The same, in order: behind `after`, of those `among`, and of those `found`, where these are given."""
    terms, parameters = ["true"], [*people.parameters]
    if after:
        terms.append("(module, record) > (?, ?)")
        parameters += [after.module, after.id]
    if among:
        terms.append("list_contains(?, module || '#' || record)")
        parameters.append([str(ref) for ref in among])
    if found:
        terms.append(f"(module, record) IN ({found.sql})")
        parameters += found.parameters
    where = " AND ".join(terms)
    return Part(f"SELECT module, record FROM ({people.sql}) WHERE {where} ORDER BY module, record", parameters)


#: The recipient and the job are parts of a message's id (domain/message.py). Whoever has opened one of the messages of
#: this job has opened it, and whom no message of it reached is not asked again.
_NOT_OPENED = """
SELECT split_part(id, '-', 1) AS module, split_part(id, '-', 2) AS record FROM messages
WHERE split_part(id, '-', 3) = 'job' AND split_part(id, '-', 4) = ?
GROUP BY ALL HAVING bool_or(status IN ('accepted', 'delivered')) AND max(coalesce(opened, 0)) = 0
"""


def _everyone(module: str) -> Part:
    return Part(f"SELECT {literal(module)} AS module, id AS record FROM {quote(module)}")


def _picked(module: str, refs: Sequence[Ref]) -> Part:
    ids = [ref.id for ref in refs if ref.module == module]
    return Part(f"{_everyone(module).sql} WHERE list_contains(?, id)", [ids])


def given(after: str | None) -> str:
    """Module and id of whoever has a source (the second parameter) in a segment (the first), in order."""
    later = "" if after is None else " AND module || '#' || record > ?"
    place = "module || '#' || record"
    return (
        f"SELECT module, record FROM {MEMBERS} WHERE segment = ? AND list_contains(source_ids, ?){later} "
        f"ORDER BY {place} LIMIT ?"
    )


def named(member: Json, module: Module, record: Mapping[str, Any] | None) -> Json:
    """A member with the number and title of its record, as far as the lake has it."""
    return {
        "module": member["module"],
        "id": member["record"],
        "number": record["number"] if record else None,
        "title": title(module, record["values"]) if record else "",
        "since": member["since"],
        "source": member["source"],
        "sources": member["sources"],
        "blocked": member.get("blocked"),
    }
