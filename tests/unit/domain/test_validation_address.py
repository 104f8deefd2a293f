"""E-mail addresses by their syntax, against the cases of other projects."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain.validation import address

CASES = Path(__file__).parents[4] / "shared" / "cases" / "address_cases.json"
ABSENT = pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")

#: Where the source says yes and we say no: SES takes no local part outside ASCII.
INTERNATIONAL = "python-email-validator/valid-intl-local-part"
#: Where it says no and we say yes: domains reserved for tests and documentation are what demos live on.
RESERVED = "python-email-validator/reserved-domain"


def cases() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return loaded


@ABSENT
def test_the_cases_of_other_projects_agree_but_for_two_reasons() -> None:
    differing = [
        c for c in cases() if c["valid"] is not None and (address.parse(c["address"]) is not None) != c["valid"]
    ]
    assert {(c["source"], c["valid"]) for c in differing} == {(INTERNATIONAL, True), (RESERVED, False)}
    assert all(not c["address"].rpartition("@")[0].isascii() for c in differing if c["source"] == INTERNATIONAL)
    decided = [c for c in cases() if c["valid"] is not None]
    assert len(decided) - len(differing) >= 100, "most cases agree"


@ABSENT
def test_of_the_cases_of_policy_we_take_plain_ascii_only() -> None:
    taken = [c["address"] for c in cases() if c["valid"] is None and address.parse(c["address"])]
    assert taken == ["jo&hn@gmail.com", "jo%hn@gmail.com"]


@ABSENT
def test_the_normal_form_is_that_of_the_source() -> None:
    wanted = {c["address"]: c for c in cases() if c["valid"] and c.get("normalized")}
    for text, case in wanted.items():
        if parsed := address.parse(text):
            assert parsed.text == case["normalized"]
            assert parsed.wire == case.get("ascii_email", parsed.wire)


@pytest.mark.parametrize(
    ("text", "shown", "wire"),
    [
        ("Iker.Goni@EXAMPLE.com", "Iker.Goni@example.com", "Iker.Goni@example.com"),
        ("a@Bücher.example", "a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@straße.example", "a@xn--strae-oqa.example"),
        ("a@col·lectiu.example", "a@col·lectiu.example", "a@xn--collectiu-2pa.example"),
        ("a@ｅxample。com", "a@example.com", "a@example.com"),
        ("a@παράδειγμα.δοκιμή", "a@παράδειγμα.δοκιμή", "a@xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("o'hara+tag@sub.example.test", "o'hara+tag@sub.example.test", "o'hara+tag@sub.example.test"),
    ],
)
def test_an_address_is_shown_as_people_read_it_and_sent_as_the_wire_wants_it(text: str, shown: str, wire: str) -> None:
    parsed = address.parse(text)
    assert parsed
    assert (parsed.text, parsed.wire) == (shown, wire)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a@xn--.example",
        "a@xn--a.example",
        "a@a\ufe0fb.example",
        "a@printer.local",
        "@",
        "a",
        "a@b",
        "a@b.",
        "a@.b",
        ".a@b.example",
        "a.@b.example",
        "a..b@c.example",
        "a b@c.example",
        "a@b c.example",
        "a@b.example\n",
        "<a@b.example>",
        "A <a@b.example>",
        '"a"@b.example',
        "a@[127.0.0.1]",
        "a@b.123",
        "a@-b.example",
        "a@b_c.example",
        "ñ@b.example",
        "a@xn--0.example",
        "a@ab--cd.example",
        "a@a\u200db.example",
        "a@l·a.example",
        "a" * 65 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 127 + "example",
        "a,b@c.example",
        "a@b@",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert address.parse(text) is None


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_any_text_is_answered_and_an_address_is_its_own_normal_form(local: str, domain: str) -> None:
    parsed = address.parse(f"{local}@{domain}")
    if parsed:
        again = address.parse(parsed.text)
        assert again is not None
        assert (again.text, again.key) == (parsed.text, parsed.key)
        assert parsed.wire.isascii()
