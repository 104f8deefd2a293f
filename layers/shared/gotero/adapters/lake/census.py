"""How a send would decide about each of an audience, counted in SQL.

The rule stays where it is (domain/eligibility.py): recipients are grouped by all that it looks at, and it is asked once
for each group. An address whose form leaves no doubt stands for all such addresses; every other one is shown to it.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from gotero.adapters.lake.columns import literal, quote
from gotero.adapters.lake.membership import Part
from gotero.domain.audience import Audience
from gotero.domain.modules import RECIPIENTS
from gotero.ports import Json, Judge

_LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: Addresses that are sound, and whose key is their text in small letters. There are others, which take more than this.
_SOUND = rf"{_LOCAL}(\.{_LOCAL})*@({_LABEL}\.)+[A-Za-z]{{2,63}}"
#: What such an address looks like to the rule.
SOMEBODY = "somebody@example.com"

Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def count(
    rows: Rows, people: Part, audience: Audience, suppressed: Collection[str], judge: Judge
) -> tuple[dict[str, int], int, frozenset[str]]:
    """Reason -> recipients (an empty reason: written to), how many mails these are, and the owners of who gets them."""
    each = " UNION ALL ".join(_recipients(module, audience.email_field(module)) for module in RECIPIENTS)
    rows(
        f"""CREATE OR REPLACE TEMP TABLE census AS
        WITH people AS ({people.sql}), each AS ({each}),
        told AS (SELECT *, regexp_full_match(address, {literal(_SOUND)}) AND length(address) <= 254
            AND strpos(address, '@') <= 65 AND NOT contains(address, '--') AS sound FROM each)
        SELECT * EXCLUDE (address, sound), CASE WHEN sound THEN lower(address) END AS key,
            CASE WHEN sound THEN NULL ELSE address END AS odd,
            sound AND lower(address) IN (SELECT unnest(CAST(? AS VARCHAR[]))) AS stopped
        FROM told""",
        [*people.parameters, list(suppressed)],
    )
    try:
        return _judged(rows, audience, judge)
    finally:
        rows("DROP TABLE census", [])


def _recipients(module: str, field: str) -> str:
    return (
        f"SELECT p.module, p.record, r.id IS NOT NULL AS there, r.owner, r.do_not_email, r.do_not_email_source, "
        f"r.{quote(field)} AS address FROM people p LEFT JOIN {quote(module)} r ON r.id = p.record "
        f"WHERE p.module = {literal(module)}"
    )


def _judged(rows: Rows, audience: Audience, judge: Judge) -> tuple[dict[str, int], int, frozenset[str]]:
    counts: dict[str, int] = {}
    passing: list[tuple[Any, ...]] = []
    groups = "module, there, do_not_email, do_not_email_source, odd, stopped, key IS NOT NULL"
    for *group, sound, n in rows(f"SELECT {groups}, count(*) FROM census GROUP BY ALL", []):
        module, there, refuses, source, odd, stopped = group
        values: Json = {"do_not_email": refuses, "do_not_email_source": source}
        values[audience.email_field(module)] = SOMEBODY if sound else odd
        reason, key = judge(module, values if there else None, stopped if sound else None)
        counts[reason] = counts.get(reason, 0) + n
        if not reason:
            passing.append((module, refuses, source, odd, stopped, None if sound else key))
    if not passing:
        return counts, 0, frozenset()
    columns = [list(column) for column in zip(*passing, strict=True)]
    [(mails, owners)] = rows(
        """WITH passing AS (SELECT unnest(CAST(? AS VARCHAR[])) AS module, unnest(CAST(? AS BOOLEAN[])) AS refuses,
            unnest(CAST(? AS VARCHAR[])) AS source, unnest(CAST(? AS VARCHAR[])) AS odd,
            unnest(CAST(? AS BOOLEAN[])) AS stopped, unnest(CAST(? AS VARCHAR[])) AS odd_key),
        mails AS (SELECT coalesce(c.key, p.odd_key) AS mail, arg_min(c.owner, c.module || '#' || c.record) AS owner
            FROM census c JOIN passing p ON p.module = c.module AND p.stopped IS NOT DISTINCT FROM c.stopped
            AND p.refuses IS NOT DISTINCT FROM c.do_not_email AND p.source IS NOT DISTINCT FROM c.do_not_email_source
            AND p.odd IS NOT DISTINCT FROM c.odd GROUP BY mail)
        SELECT count(*), list(DISTINCT owner) FROM mails""",
        columns,
    )
    return counts, mails, frozenset(owners)
