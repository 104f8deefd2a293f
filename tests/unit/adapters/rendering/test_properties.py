"""What holds for every source: nothing is lost on the way, and every target arrives as it was."""

import html
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.rendering.markup import tokens, unescape_attribute
from gotero.adapters.rendering.merge_tags import MergeTags
from gotero.adapters.rendering.plain_text import derive
from gotero.adapters.rendering.renderer import one_line
from tests.unit.adapters.rendering.mails import rendered, target, template

PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<a href='x'>",
            "<a href=",
            '"',
            "'",
            ">",
            "<",
            "<!--",
            "-->",
            "<!--[if mso]>",
            "<![endif]-->",
        ),
        *("<style>", "</style>", "<br/>", "<td", " class=x", "&amp;", "&copy", "=", "/", "texto ", "\n", "MERGE0N1X"),
        *("{{ a }}", "{% if a %}", "{% endif %}", "{{", "}}", "{#", "#}", "ñ", "👩\u200d🌾", "<!doctype html>"),
    ]
)
SOURCES = st.lists(PIECES, max_size=40).map("".join)
URLS = st.text(string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%ñ☃", max_size=80).map(
    lambda rest: "https://x.example/" + rest
)
NO_BRACES = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=200)


@given(SOURCES)
def test_tokens_are_the_whole_source(source: str) -> None:
    assert "".join(token.source for token in tokens(source)) == source


@given(st.lists(st.one_of(NO_BRACES, st.just("{{ a }}"), st.just("{% if b %}"))).map("".join))
def test_merge_tags_come_back(source: str) -> None:
    tags = MergeTags(source)

    assert "{{" not in tags.protected
    assert tags.restore(tags.protected) == source
    assert tags.lost(tags.protected) == []


@given(SOURCES)
def test_any_markup_gives_some_text(source: str) -> None:
    assert derive(MergeTags(source).protected).endswith("\n")


@given(NO_BRACES)
def test_escaped_value_is_read_back(value: str) -> None:
    assert unescape_attribute(html.escape(value)) == value


@settings(max_examples=50, deadline=None)
@given(URLS, st.booleans())
def test_target_arrives_byte_for_byte(url: str, single: bool) -> None:
    quote = "'" if single else '"'
    mail = rendered(template(f"<a href={quote}{html.escape(url)}{quote}>x</a>"))

    assert target(mail.html.split(f"href={quote}")[1].split(quote)[0]) == url


@given(st.text())
def test_subject_is_always_one_short_line(text: str) -> None:
    line = one_line(text)

    assert len(line) <= 998
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 or ord(character) == 127 for character in line)
