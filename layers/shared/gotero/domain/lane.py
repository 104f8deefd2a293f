"""Who goes before whom on the way out."""

from collections.abc import Collection, Mapping
from typing import Literal, get_args

from gotero.domain.message import MessageKey, SourceKind

#: Who goes before whom: what somebody waits for, then what is due at an instant of one's own, then what many get.
Lane = Literal["answer", "drip", "bulk"]
_LANES: Mapping[SourceKind, Lane] = {"as": "drip", "job": "bulk"}


def lane_of(message_ids: Collection[str]) -> Lane:
    """The lane of these single mails; that of the last among them where they differ. Chunks of jobs have no ids."""
    lanes = {_LANES.get(MessageKey.parse(id).source_kind, "answer") for id in message_ids}
    return next((lane for lane in get_args(Lane)[::-1] if lane in lanes), "bulk")
