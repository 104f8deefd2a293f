"""Links of a mail: each target reaches its token byte for byte, and what must not be counted is not."""

import re

import pytest

from gotero.domain.errors import InvalidError
from tests.unit.adapters.rendering.mails import RENDERER, links, mjml, rendered, target, template

_HREF = re.compile(r"href\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)


def first_link(html: str, context: dict[str, object] | None = None) -> str:
    match = _HREF.search(rendered(template(html), context).html)
    assert match
    return match[1]


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("https://twitter.com/huertaturia", "https://twitter.com/huertaturia"),
        ("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&b=2"),
        ("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2"),
        ("https://x.example/?a=1&copy=2&lt=3", "https://x.example/?a=1&copy=2&lt=3"),
        ("https://x.example/?a=&notit;&x=&ntilde;", "https://x.example/?a=&notit;&x=ñ"),
        ("https://x.example/a%20b/%C3%B1?q=%2F+%26#frag", "https://x.example/a%20b/%C3%B1?q=%2F+%26#frag"),
        ("https://x.example/ñandú?q=á", "https://x.example/ñandú?q=á"),
        ("  https://x.example/  ", "https://x.example/"),
        ("HTTPS://X.example/", "HTTPS://X.example/"),
        ("https://x.example/&#63;a&#x3D;1", "https://x.example/?a=1"),
    ],
)
def test_target_is_what_a_browser_would_open(written: str, opened: str) -> None:
    assert target(first_link(f'<a href="{written}">x</a>')) == opened
    assert target(first_link(f"<A class=b HREF = '{written}' target=_blank>x</A>")) == opened


def test_mjml_button_and_image_keep_their_targets() -> None:
    url = "https://twitter.com/huertaturia?a=1&amp;copy=2"
    mail = rendered(template(mjml=mjml(f'<mj-button href="{url}">follow</mj-button><mj-image src="x" href="{url}"/>')))

    targets = [target(link) for link in _HREF.findall(mail.html)]
    assert targets.count("https://twitter.com/huertaturia?a=1&copy=2") == 2


@pytest.mark.parametrize(
    "html",
    [
        '<a href="mailto:hola@example.com?subject=a">x</a>',
        '<a href="tel:+34963000000">x</a>',
        '<a href="sms:+34963000000">x</a>',
        '<a href="#abajo">x</a>',
        '<a href="https://example.com/" data-no-track>x</a>',
        '<a href="/relative">x</a>',
    ],
)
def test_not_counted(html: str) -> None:
    assert html in rendered(template(html)).html


@pytest.mark.parametrize("name", ["unsubscribe_url", "view_url", "preferences_url"])
def test_own_links_are_not_counted(name: str) -> None:
    expected = getattr(links(), name.removesuffix("_url"))

    assert first_link(f'<a href="{{{{ {name} }}}}">x</a>') == expected
    assert first_link(f'<a href="{{% if 1 %}}{{{{ {name} }}}}{{% endif %}}">x</a>') == expected


def test_target_with_merge_tags_is_signed_with_their_values() -> None:
    html = '<a href="https://x.example/?who={{ contact.number|urlencode }}&amp;n={{ n }}">x</a>'

    link = first_link(html, {"contact": {"number": "CON 1&2"}, "n": "<&>"})
    assert target(link) == "https://x.example/?who=CON%201%262&n=<&>"


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "JaVaScRiPt:x", "java\nscript:x", "data:text/html,x", " vbscript:x"]
)
def test_dangerous_value_is_no_link(value: str) -> None:
    assert first_link('<a href="{{ website }}">x</a>', {"website": value}) == "#"


def test_dangerous_target_is_refused_at_save() -> None:
    with pytest.raises(InvalidError) as refused:
        RENDERER.compile(template('<a href="javascript:alert(1)">x</a>'))

    assert [(e.path, e.rule) for e in refused.value.errors] == [("html", "link")]


def test_outlook_s_own_markup_stays_and_its_buttons_count() -> None:
    html = (
        '<!--[if mso]><v:roundrect href="https://x.example/"><w:anchorlock/></v:roundrect><![endif]-->'
        '<!--[if !mso]><!--><a href="https://x.example/">x</a><!--<![endif]--><!-- <a href="https://y.example/"> -->'
    )
    mail = rendered(template(html))

    assert [target(link) for link in _HREF.findall(mail.html)][:2] == ["https://x.example/", "https://x.example/"]
    assert "<!--[if mso]><v:roundrect" in mail.html
    assert "<w:anchorlock/></v:roundrect><![endif]-->" in mail.html
    assert '<!-- <a href="https://y.example/"> -->' in mail.html


def test_links_are_listed_once_each() -> None:
    html = '<a href="https://a.example/">x</a><a href="https://b.example/?q={{ x }}">y</a><a href="https://a.example/">z</a>'

    assert RENDERER.compile(template(html)).links == ("https://a.example/", "https://b.example/?q={{ x }}")


def test_more_than_fifty_are_refused() -> None:
    with pytest.raises(InvalidError) as refused:
        RENDERER.compile(template("".join(f'<a href="https://a.example/{n}">x</a>' for n in range(51))))

    assert refused.value.errors[0].rule == "too_many_links"


def test_relative_link_is_warned_of() -> None:
    (warning,) = RENDERER.compile(template('<a href="www.example.com">x</a>')).warnings

    assert (warning.rule, dict(warning.values)) == ("relative_link", {"url": "www.example.com"})


def test_written_text_part_is_counted_too() -> None:
    mail = rendered(template("<p>x</p>", text="Mira https://x.example/a?b=1, (https://y.example/)."))

    first, second = re.findall(r"https://mails\.example/c/[\w.-]+", mail.text)
    assert (target(first), target(second.rstrip("."))) == ("https://x.example/a?b=1", "https://y.example/")
