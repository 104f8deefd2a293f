"""A template in, a mail out: merge tags, MJML, subject, what every mail carries."""

import pytest

from gotero.domain.errors import InvalidError
from gotero.domain.mail_context import EXAMPLE
from gotero.domain.template import CompiledTemplate, Template
from tests.unit.adapters.rendering.mails import MESSAGE, RENDERER, SIGNER, links, mjml, rendered, template

COMPANY = {"company": {"name": "Huerta Turia, S.L.", "address": "Calle de la Huerta 1, Valencia"}}


@pytest.mark.parametrize(
    ("tag", "context", "expected"),
    [
        ("{{ contact.firstname|default('hola') }}", {"contact": {"firstname": "Lía"}}, "Lía"),
        ("{{ contact.firstname|default('hola') }}", {"contact": {"firstname": ""}}, "hola"),
        ("{{ contact.firstname|default('hola') }}", {"contact": {}}, "hola"),
        ("{{ contact.firstname|default('hola') }}", {}, "hola"),
        ("{{ firstname }}", {"firstname": "Iker"}, "Iker"),
        ("{{ account.accountname }}", {}, ""),
        ("{{ account.owner.name.first }}", {}, ""),
        ("{{ contact }}", {"contact": {"email": "x@example.com"}}, ""),
        ("{{ tags }}", {"tags": ["a", "b"]}, "a, b"),
        ("{{ contact.items }}", {"contact": {"items": 3}}, "3"),
        ("{{ invoice.balance|number }} €", {"invoice": {"balance": "1234.5"}}, "1.234,50 €"),
        ("{{ invoice.due_date|date }}", {"invoice": {"due_date": "2026-11-30"}}, "30 de noviembre de 2026"),
        ("{% if score > 3 %}sí{% else %}no{% endif %}", {}, "no"),
        ("{% for x in rows %}{{ loop.index }}{{ x.n }} {% endfor %}", {"rows": [{"n": "a"}, {"n": "b"}]}, "1a 2b"),
        ("{# una nota #}x", {}, "x"),
        ("{{ 2 * n }}", {"n": 4}, "8"),
        ("{{ 2 * n }}", {}, ""),
    ],
)
def test_merge_tag(tag: str, context: dict[str, object], expected: str) -> None:
    mail = rendered(template(f"<p>[{tag}]</p>", subject=f"[{tag}]"), context)

    for part in (mail.html, mail.subject, mail.text):
        assert f"[{expected}]" in part.replace(" ]", "]")


def test_values_are_escaped_in_html_and_plain_in_text_and_subject() -> None:
    mail = rendered(template("<p>{{ x }}</p>", subject="{{ x }}"), {"x": "<b>R&D</b>"})

    assert "<p>&lt;b&gt;R&amp;D&lt;/b&gt;</p>" in mail.html
    assert mail.subject == "<b>R&D</b>"
    assert mail.text.startswith("<b>R&D</b>")


def test_tags_that_an_editor_escaped_work() -> None:
    mail = rendered(template("<p>{% if n &lt; 3 and who == &quot;a&quot; %}sí{% endif %}</p>"), {"n": 2, "who": "a"})

    assert "<p>sí</p>" in mail.html


def test_braces_spelled_as_references_are_no_merge_tag() -> None:
    mail = rendered(template("<p>&#123;&#123; 7*7 }}</p>"))

    assert mail.text.startswith("{{ 7*7 }}")


def test_css_with_braces_and_hashes_is_left_alone() -> None:
    mail = rendered(template("<style>@media print{#a{color:red}}</style><p>x</p>"))

    assert "@media print{#a{color:red}}" in mail.html


def test_mjml_is_compiled_around_the_tags() -> None:
    source = mjml(
        "<mj-text>{% if n < 3 %}pocos{% endif %} {{ who|default('nadie') }}</mj-text>"
        '<mj-image src="https://cdn.example/{{ pic }}.png" alt=\'Una "huerta" 👩\u200d🌾\'/>'
    )
    mail = rendered(template(mjml=source), {"n": 1, "pic": "a b"})

    assert mail.html.lower().startswith("<!doctype html>")
    assert "pocos nadie" in mail.html
    assert "👩\u200d🌾" in mail.html
    assert "fonts.googleapis" not in mail.html
    assert 'lang="es"' in mail.html


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<mjml><mj-body>", "end of stream"),
        (mjml("<mj-foo>x</mj-foo>"), "<mj-foo>"),
        (mjml('<mj-include path="/etc/passwd"/>'), "<mj-include>"),
        ("hola", "parse"),
        (mjml('<mj-text foo="{{ x }}">a</mj-text>'), "{{ x }}"),
    ],
)
def test_broken_mjml_is_refused_with_the_reason(source: str, said: str) -> None:
    with pytest.raises(InvalidError) as refused:
        RENDERER.compile(template(mjml=source))

    (error,) = refused.value.errors
    assert (error.path, error.rule) == ("mjml", "mjml")
    assert said in dict(error.values)["reason"]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        (template("<p>{{ name</p>"), "html"),
        (template("<p>{% if x %}</p>"), "html"),
        (template("<p>{{ x|nofilter }}</p>"), "html"),
        (template("<p>x</p>", subject="{{ x"), "subject"),
        (template("<p>x</p>", text="{{ x() }}"), "text"),
        (template(mjml=mjml("<mj-text>{{ 'a' * 9 }}</mj-text>")), "mjml"),
    ],
)
def test_broken_merge_tags_are_refused_where_they_stand(written: Template, path: str) -> None:
    with pytest.raises(InvalidError) as refused:
        RENDERER.compile(written)

    assert [(e.path, e.rule) for e in refused.value.errors] == [(path, "template")]


def test_every_mail_carries_a_way_out_and_an_address() -> None:
    mail = rendered(template("<html><body><p>x</p></body></html>"), COMPANY)

    assert f'href="{links().unsubscribe}"' in mail.html
    assert "Calle de la Huerta 1, Valencia" in mail.html
    assert mail.html.index("Calle de la Huerta") < mail.html.index("</body>")
    assert links().unsubscribe in mail.text
    assert "Calle de la Huerta 1, Valencia" in mail.text
    assert dict(mail.headers) == {
        "List-Unsubscribe": f"<{links().unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_footer_is_not_added_to_a_template_that_has_its_own() -> None:
    source = '<body><p>{{ company.address }} <a href="{{ unsubscribe_url }}">Adiós</a></p></body>'
    mail = rendered(template(source), COMPANY)

    assert "Darse de baja" not in mail.html
    assert mail.html.count("Calle de la Huerta") == 1
    assert mail.text.count(links().unsubscribe) == 1


def test_footer_speaks_the_language_of_the_template() -> None:
    mail = RENDERER.render(RENDERER.compile(Template("t", "s", html="<p>x</p>", language="en")), {}, links())

    assert ">Unsubscribe</a>" in mail.html


def test_test_send_has_no_list_to_leave() -> None:
    mail = RENDERER.render(RENDERER.compile(template("<p>x</p>")), {}, links(test=True))

    assert mail.headers == ()
    assert "/u/" in mail.html


def test_pixel_stands_at_the_end_of_the_body() -> None:
    mail = rendered(template("<html><body><p>x</p></body></html>"))

    assert f'<img src="{links().open}" width="1" height="1" alt=""' in mail.html
    assert mail.html.endswith("></body></html>")
    assert SIGNER.read("o", links().open.rpartition("/")[2]) == {"m": MESSAGE}


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\0"])
def test_subject_is_one_line(break_: str) -> None:
    mail = rendered(template("<p>x</p>", subject="Hola {{ x }}"), {"x": f"Ana{break_}Bcc: victim@example.com"})

    assert mail.subject == "Hola Ana Bcc: victim@example.com"


def test_subject_is_cut_at_998() -> None:
    assert len(rendered(template("<p>x</p>", subject="{{ x }}"), {"x": "á" * 3000}).subject) == 998


def test_compiled_template_survives_json() -> None:
    compiled = RENDERER.compile(template(mjml=mjml('<mj-button href="https://a.example/">x</mj-button>')))

    assert CompiledTemplate.from_json(compiled.to_json()) == compiled


def test_fields_are_what_the_tags_read() -> None:
    compiled = RENDERER.compile(
        template(
            "{% for x in invoice.lines %}{{ x.y }}{% endfor %}{{ firstname|default(owner.name) }}", subject="{{ z }}"
        )
    )

    assert set(compiled.fields) >= {"invoice.lines", "firstname", "owner.name", "z"}
    assert "x.y" not in compiled.fields


def test_example_fills_the_demo_s_subjects() -> None:
    subject = "Segundo aviso: {{ invoice.balance }} € vencidos el {{ invoice.due_date }}"

    assert rendered(template("<p>x</p>", subject=subject), EXAMPLE).subject.startswith("Segundo aviso: 242.00 €")


def test_mail_that_gmail_would_cut_is_warned_of() -> None:
    (warning,) = RENDERER.compile(template("<p>" + "x" * 110_000 + "</p>")).warnings

    assert (warning.rule, dict(warning.values)) == ("clipped", {"size": "110"})
