"""How many of an audience would get a mail: the lake in SQL, the one in memory, and the rule asked one by one."""

import re
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.lake import census
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.audience import Audience
from gotero.domain.message import MessageClass
from gotero.domain.validation import address
from gotero.ports import Lake
from gotero.services.judge_audience import rule
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_member, a_record

_ADDRESSES = st.one_of(
    st.sampled_from(
        [
            None,
            "",
            "  ",
            "broken@",
            "ana@example.com",
            "Ana@Example.com",
            " ana@example.com ",
            "info@münchen.de",
            "info@xn--mnchen-3ya.de",
            "INFO@MÜNCHEN.DE",
            "a@b",
            "a..b@c.es",
            "x@1.2",
            "K@kelvin.example",
            "k@\u212aelvin.example",
            "luis@" + "a" * 63 + ".example.com",
            "luis@" + "a" * 64 + ".example.com",
            "l" * 65 + "@example.com",
            "ñ@example.com",
        ]
    ),
    st.from_regex(r"[a-cA-C.+-]{1,4}@[a-c.-]{1,6}\.[a-c]{1,3}", fullmatch=True),
)
_PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["contacts", "accounts", "leads"]),
        _ADDRESSES,
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "unsubscribe", "manual"]),
        st.sampled_from(["ana", "luis"]),
    ),
    max_size=40,
)
LISTED = frozenset({"ana@example.com", "info@xn--mnchen-3ya.de"})


def _fill(lake: Lake, people: list[tuple[Any, ...]]) -> None:
    for n, (module, email, refuses, source, owner) in enumerate(people):
        values = {"email": email, "do_not_email": refuses, "do_not_email_source": source}
        row = a_record(module, f"r{n:02d}", **{name: value for name, value in values.items() if value is not None})
        row.data["owner"] = owner
        lake.append(module, [row], AS_OF)
        lake.append("members", [a_member("s1", module, f"r{n:02d}")], AS_OF)


@settings(max_examples=7)
@given(_PEOPLE, st.sampled_from(["marketing", "transactional"]), st.sampled_from([frozenset[str](), LISTED]))
def test_sql_counts_as_the_rule_decides(
    people: list[tuple[Any, ...]], message_class: MessageClass, suppressed: frozenset[str]
) -> None:
    audience = Audience(segments=("s1",))
    asked = rule(audience, message_class, suppressed)
    in_sql, in_memory = S3Lake(MemoryObjects(), StoppedClock()), MemoryLake(StoppedClock())
    for lake in (in_sql, in_memory):
        _fill(lake, people)
    one_by_one = Counter[str]()
    owners: dict[str, str] = {}
    for module, email, refuses, source, owner in sorted(people, key=lambda person: person[0]):
        values = {"email": email, "do_not_email": refuses, "do_not_email_source": source}
        reason, key = asked(module, values, None)
        one_by_one[reason] += 1
        if not reason:
            owners.setdefault(key, owner)
    for lake in (in_sql, in_memory):
        found = lake.census(audience, suppressed, asked)
        assert found.counts == one_by_one
        assert (found.mails, set(found.owners), found.exact) == (len(owners), set(owners.values()), True)


@given(st.one_of(_ADDRESSES.filter(bool), st.from_regex(census._SOUND, fullmatch=True)))
def test_what_counts_as_sound_is_an_address_whose_key_is_its_text_in_small_letters(text: str) -> None:
    sound = re.fullmatch(census._SOUND, text) and len(text) <= 254 and text.find("@") < 65 and "--" not in text
    if sound:
        assert address.key(text) == text.lower()


def test_somebody_whose_record_is_gone_is_not_written_to() -> None:
    lake = S3Lake(MemoryObjects(), StoppedClock())
    lake.append("members", [a_member("s1", "contacts", "c1")], AS_OF)
    audience = Audience(segments=("s1",))
    found = lake.census(audience, frozenset(), rule(audience, "marketing", frozenset()))
    assert (found.counts, found.mails) == ({"deleted": 1}, 0)
