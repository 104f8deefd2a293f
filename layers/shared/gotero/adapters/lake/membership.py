"""Members and audiences, in SQL over the datasets `members` and the modules whose records stand in segments."""

from collections.abc import Collection, Sequence
from typing import Any

from gotero.adapters.lake.columns import MEMBERS, literal, quote, rows_table
from gotero.domain.modules import RECIPIENTS
from gotero.domain.record import Ref

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


def audience(
    segments: Sequence[str],
    except_segments: Sequence[str],
    everyone: bool,
    uncounted: Collection[str],
    after: Ref | None = None,
) -> tuple[str, list[Any]]:
    """Module and id of everybody in one of `segments` (or of all people) and in none of `except_segments`, in order,
    behind `after`.
    """
    if everyone:
        included = " UNION ALL ".join(
            f"SELECT {literal(module)} AS module, id AS record FROM {quote(module)}" for module in RECIPIENTS
        )
        parameters: list[Any] = []
    else:
        included = f"SELECT DISTINCT module, record FROM {living(uncounted)} WHERE list_contains(?, segment)"
        parameters = [list(segments)]
    if except_segments:
        excluded = f"SELECT module, record FROM {counted(uncounted)} WHERE list_contains(?, segment)"
        included = f"SELECT * FROM ({included}) ANTI JOIN ({excluded}) USING (module, record)"
        parameters.append(list(except_segments))
    later = ""
    if after:
        later = " WHERE (module, record) > (?, ?)"
        parameters += [after.module, after.id]
    return f"SELECT module, record FROM ({included}){later} ORDER BY module, record", parameters


def given(after: str | None) -> str:
    """Module and id of whoever has a source (the second parameter) in a segment (the first), in order."""
    later = "" if after is None else " AND module || '#' || record > ?"
    place = "module || '#' || record"
    return (
        f"SELECT module, record FROM {MEMBERS} WHERE segment = ? AND list_contains(source_ids, ?){later} "
        f"ORDER BY {place} LIMIT ?"
    )
