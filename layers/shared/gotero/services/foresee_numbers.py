"""Which number each module gives next: as things stand, or once settings are saved that somebody is writing."""

from typing import Any

from gotero.domain.message import MODULE as MESSAGES
from gotero.domain.numbering import Numbering
from gotero.ports import Json, Numbers
from gotero.services.save_settings import read_numbers, usual_numbering


def foresee_numbers(numbers: Numbers, data: Any) -> Json:
    """`data` is as for `save_settings`; empty, nothing changes. InvalidError with every broken rule."""
    asked, given = read_numbers(data), numbers.given()
    items: list[Json] = []
    for kind, usual in usual_numbering().items():
        last, written_as = given.get(kind, (0, None))
        numbering = written_as or usual
        new = asked.get(kind)
        if isinstance(new, dict):
            numbering, new = Numbering(new["prefix"], new["padding"]), new["next"]
        following = max(last + 1, new or 0)
        items.append(
            {
                "kind": kind,
                "prefix": numbering.prefix,
                "padding": numbering.padding,
                "next": following,
                "number": numbering.text(following),
                # Messages draw theirs in blocks: some processes still give from an earlier one.
                "in_blocks": kind == MESSAGES,
            }
        )
    return {"items": items, "next": None}
