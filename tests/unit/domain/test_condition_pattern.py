"""Patterns: the same as Python's and DuckDB's regular expressions where these agree, and never slow."""

import re

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.condition.checks import fold
from gotero.domain.condition.pattern import MAX_LENGTH, Pattern, PatternError

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\d", r"\s", "1", "^", "$", "[a-c1]", r"\."])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"])
SOURCES = st.recursive(
    st.builds(lambda atom, repeat: atom if atom in "^$" else atom + repeat, ATOMS, REPEATS),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.builds(lambda one, other: f"(?:{one}|{other})", inner, inner)
        | st.builds(lambda one, repeat: f"(x{one}){repeat}", inner, REPEATS)
    ),
    max_leaves=5,
)
TEXTS = st.text("abcx1 .\n", min_size=1, max_size=8)


@settings(max_examples=400, deadline=None)
@given(source=SOURCES, text=TEXTS)
def test_a_pattern_finds_what_python_and_duckdb_find(source: str, text: str) -> None:
    pattern = Pattern.parse(source)
    # Python's $ also matches before a last line break; ours, and RE2's, is the end.
    python = re.search(source.replace("$", r"\Z"), text, re.DOTALL | re.ASCII)
    row = duckdb.execute("SELECT regexp_matches(?, ?)", [text, pattern.re2]).fetchone()
    assert pattern.occurs_in(text) is (python is not None) is (row is not None and row[0])


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("TWITTER", "https://twitter.com", True),
        ("^https?://", "http://a.example", True),
        (r"\.es$", "a.example.es", True),
        (r"\.es$", "a.example.es/x", False),
        ("[A-Z]{3}-[0-9]+", "abc-12", True),
        (r"^\w+@huerta", "hola@huertaturia.example", True),
        (r"^\w+$", "ñandú", True),
        (r"^[\w.-]+$", "a.b-c_d", True),
        (r"^[\w.-]+$", "a b", False),
        (r"\D", "123", False),
        ("[]x]", "]", True),
        ("[^]x]", "]", False),
        ("a|", "zzz", True),
        ("^ñ", "ÑANDÚ", True),
        ("^$", "x", False),
    ],
)
def test_letter_case_never_counts_and_the_pattern_may_stand_anywhere(source: str, text: str, found: bool) -> None:
    assert Pattern.parse(source).occurs_in(fold(text)) is found


@pytest.mark.parametrize(
    "source",
    [
        "(a",
        "a)",
        "[a",
        "*a",
        "a**",
        "a{2}{3}",
        r"(a)\1",
        "(?=a)",
        "(?P<x>a)",
        "(?i)a",
        "[z-a]",
        "a{101}",
        "a{3,2}",
        "\\",
        "a{0}",
        "(){3}",
        r"\p{L}",
        "[[:alpha:]]",
        "((a{100}){100})",
        "(" * 30 + "a" + ")" * 30,
        "a" * (MAX_LENGTH + 1),
    ],
)
def test_what_is_no_pattern_is_refused(source: str) -> None:
    with pytest.raises(PatternError):
        Pattern.parse(source)


@pytest.mark.parametrize("source", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)(.*)(.*)(.*)x$", "([a-z]+)*1"])
def test_no_text_makes_a_pattern_slow(source: str) -> None:
    text = "a" * 20_000 + "!"
    assert Pattern.parse(source).occurs_in(text) is False
