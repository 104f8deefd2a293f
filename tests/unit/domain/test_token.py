"""Tokens: only what we signed, for that purpose, written in that one way."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain import token

SECRET = b"a secret"
VECTORS = Path(__file__).parents[4] / "shared" / "cases" / "token_vectors.json"
PAYLOADS = st.fixed_dictionaries({"m": st.text(st.characters(exclude_categories=["Cs"]), max_size=60)})


@given(PAYLOADS, st.sampled_from("oucvp"))
def test_comes_back_for_its_purpose_and_for_no_other(payload: dict[str, str], purpose: str) -> None:
    text = token.encode(SECRET, purpose, payload)

    assert token.decode([SECRET], purpose, text) == payload
    assert all(token.decode([SECRET], other, text) is None for other in "oucvp" if other != purpose)


@given(PAYLOADS, st.data())
def test_any_changed_character_is_refused(payload: dict[str, str], data: st.DataObject) -> None:
    text = token.encode(SECRET, token.CLICK, payload)
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from("ABCxyz019-_.=+/ é").filter(lambda c: c != text[position]))

    assert token.decode([SECRET], token.CLICK, text[:position] + character + text[position + 1 :]) is None


def test_payload_of_one_mail_with_the_signature_of_another_is_refused() -> None:
    mine = token.encode(SECRET, token.CLICK, {"m": "one", "u": "https://example.com/"})
    other = token.encode(SECRET, token.CLICK, {"m": "two", "u": "https://example.com/"})

    assert token.decode([SECRET], token.CLICK, mine.split(".")[0] + "." + other.split(".")[1]) is None


@pytest.mark.parametrize("cut", [1, 2, 8, 21, 22])
def test_truncated_signature_is_refused(cut: int) -> None:
    assert token.decode([SECRET], token.OPEN, token.encode(SECRET, token.OPEN, {"m": "x"})[:-cut]) is None


def test_padded_and_non_canonical_spellings_are_refused() -> None:
    text = token.encode(SECRET, token.OPEN, {"m": "x"})
    # 16 bytes leave 4 bits of the last character unused: these spell the same bytes.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = [text[:-1] + alphabet[alphabet.index(text[-1]) + offset] for offset in range(1, 16)]

    for spelling in [*same, text + "=", text + "==", text.replace("-", "+"), " " + text, text + "\n"]:
        assert spelling == text or token.decode([SECRET], token.OPEN, spelling) is None


def test_previous_secret_still_counts_and_a_stranger_s_does_not() -> None:
    old = token.encode(b"old", token.UNSUBSCRIBE, {"m": "x"})

    assert token.decode([b"new", b"old"], token.UNSUBSCRIBE, old) == {"m": "x"}
    assert token.decode([b"new"], token.UNSUBSCRIBE, old) is None


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "eyJtIjoieCJ9.", ".eyJtIjoieCJ9", "é.é", "a" * 9000 + ".b"])
def test_garbage_is_refused(text: str) -> None:
    assert token.decode([SECRET], token.OPEN, text) is None


def test_unsigned_payload_is_refused() -> None:
    body = urlsafe_b64encode(b'{"m":"x"}').rstrip(b"=").decode()

    assert token.decode([SECRET], token.OPEN, f"{body}.{body}") is None


@pytest.mark.skipif(not VECTORS.exists(), reason="the external cases are not beside the repository")
def test_no_foreign_token_is_taken() -> None:
    sets = json.loads(VECTORS.read_text())["sets"]
    texts = [
        value
        for vectors in sets
        for group in vectors["data"]["testGroups"]
        for test in group["tests"]
        for value in test.values()
        if isinstance(value, str)
    ]

    assert len(texts) > 500
    assert not [text for text in texts if token.decode([SECRET], token.CLICK, text) is not None]
