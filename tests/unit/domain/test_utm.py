"""Marks in links: nothing of a link's own is lost or changed."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain.utm import marked, marks

ADDED = {"utm_source": "boletín", "utm_campaign": "Naranjas & más"}
QUERY = "utm_source=bolet%C3%ADn&utm_campaign=Naranjas%20%26%20m%C3%A1s"


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("https://x.example", f"https://x.example?{QUERY}"),
        ("https://x.example/a?", f"https://x.example/a?{QUERY}"),
        ("https://x.example/a?b=1&c=%c3%B1+1#d?e", f"https://x.example/a?b=1&c=%c3%B1+1&{QUERY}#d?e"),
        ("https://x.example/??", f"https://x.example/??&{QUERY}"),
        ("https://x.example/?b&", f"https://x.example/?b&{QUERY}"),
        ("https://x.example/#a", f"https://x.example/?{QUERY}#a"),
        (
            "https://x.example/?UTM_Source=own&b",
            "https://x.example/?UTM_Source=own&b&utm_campaign=Naranjas%20%26%20m%C3%A1s",
        ),
        ("https://x.example/?utm_source=&utm_campaign=1", "https://x.example/?utm_source=&utm_campaign=1"),
    ],
)
def test_marks_stand_behind_what_is_there(url: str, after: str) -> None:
    assert marked(url, ADDED) == after
    assert marked(after, ADDED) == after


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60))
def test_whatever_the_link_says_it_still_says(rest: str) -> None:
    url = f"https://x.example/{rest}"
    before, after = urlsplit(url), urlsplit(marked(url, ADDED))
    assert (after.scheme, after.netloc, after.path, after.fragment) == (*before[:3], before.fragment)
    kept = parse_qsl(before.query, keep_blank_values=True)
    assert parse_qsl(after.query, keep_blank_values=True)[: len(kept)] == kept


def test_only_what_a_campaign_fills_in_is_added() -> None:
    assert marks({"name": "Twitter", "utm_source": " gotero ", "utm_medium": "", "utm_content": None}) == {
        "utm_source": "gotero"
    }
    assert marked("https://x.example/a#b", {}) == "https://x.example/a#b"
