"""No escape, no bomb: what people write and what visitors type in can hurt neither the process nor other mails."""

import html
import json
import time
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.rendering.isolated import IsolatedRenderer
from gotero.domain.errors import InvalidError, PermanentError
from gotero.domain.template import MailContent
from tests.unit.adapters.rendering.mails import RENDERER, links, mjml, rendered, template

CASES = Path(__file__).parents[5] / "shared" / "cases"
absent = pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository")
CANARY = "canary-c0ffee"
#: What an escape would show.
_DISCLOSED = ("class '", "bound method", "built-in", "root:", "Undefined", "TemplateReference", "uid=", CANARY)


#: Cases too long to write down are given by their making.
_MADE = {
    "unary-depth": "{{ " + "not " * 20_000 + "1 }}",
    "list-depth": "{{ " + "[" * 3_000 + "]" * 3_000 + " }}",
    "huge-int-literal": "{{ " + "9" * 200_000 + " }}",
}


def cases() -> list[dict[str, Any]]:
    path = CASES / "template_cases.json"
    found = json.loads(path.read_text())["cases"] if path.exists() else []
    return [{**c, "template": _MADE[c["template"]["generate"]] if _is_made(c) else c["template"]} for c in found]


def _is_made(case: dict[str, Any]) -> bool:
    return isinstance(case["template"], dict)


def outcome(source: str, context: dict[str, object]) -> MailContent | None:
    """The mail; None when it is refused at save or cut off when rendered."""
    try:
        return rendered(template(f"<p>{source}</p>"), context)
    except (InvalidError, PermanentError):
        return None


@absent
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", CANARY)
    contact = {"firstname": "Ana", "number": "CON-1"}
    before = time.process_time()

    mail = outcome(case["template"], {"contact": contact, "num": 42, "seq": [1, 2], "foo": {}})

    assert time.process_time() - before < 2
    if mail is not None:
        shown = mail.html.replace(case["template"], "").replace("Ana", "")
        assert not [sign for sign in _DISCLOSED if sign in shown]
        assert len(mail.html) < 1_000_000
    assert contact == {"firstname": "Ana", "number": "CON-1"}
    assert rendered(template("<p>{{ 1 + 1 }}</p>")).html.startswith("<p>2</p>")


@absent
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case_as_data_is_shown_literally(case: dict[str, Any]) -> None:
    mail = rendered(template("<p>{{ x }}</p>", subject="{{ x }}"), {"x": case["template"]})

    assert mail.text.startswith(case["template"].strip())
    assert html.escape(case["template"], quote=False) in mail.html.replace("&#34;", '"').replace("&#39;", "'")


@absent
def test_no_header_can_be_injected() -> None:
    payloads = [p["payload"] for p in json.loads((CASES / "header_injection.json").read_text())["payloads"]]

    for payload in payloads:
        mail = rendered(template("<p>x</p>", subject="Hola {{ x }}"), {"x": payload})
        assert mail.subject.isprintable()
        assert len(mail.subject.splitlines()) == 1
        assert [name for name, _ in mail.headers] == ["List-Unsubscribe", "List-Unsubscribe-Post"]
        assert all(value.isascii() and value.isprintable() for _, value in mail.headers)


@pytest.mark.parametrize(
    "source",
    [
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
        "{% set a = [1] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
        "{% set a %}x{% endset %}" * 3,
        "{% for a in '" + "x" * 300 + "' %}{% for b in '" + "x" * 300 + "' %}{% endfor %}{% endfor %}",
        "{% set a = 'xxxxxxxx' %}" + "{% set a = a|replace('x', a) %}" * 20 + "{{ a }}",
        "{{ '" + "x" * 1000 + "'|replace('x', '" + "y" * 1000 + "') }}",
        "{{ ('x' ~ 'y')|join('" + "z" * 150_000 + "')|join('" + "z" * 1000 + "') }}",
        "{{ 9**9**9 }}",
        "{{ 1000000000 * 1000000000 * 1000000000 }}",
        "(" * 5000 + "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
        "{{ [0] * 1000000000 }}",
        "{{ " + "9" * 100_000 + " }}",
        "{{ x.__class__.__mro__ }}{{ ''.format }}{{ x() }}",
        "{% include 'a' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ 'a'|center(9999999999) }}",
        "{{ loop }}{{ _private }}",
    ],
)
def test_bomb_or_escape_is_refused_at_save(source: str) -> None:
    before = time.process_time()

    with pytest.raises(InvalidError):
        RENDERER.compile(template(f"<p>{source}</p>"))

    assert time.process_time() - before < 3


@pytest.mark.parametrize(
    "source", ["{{ 5|round(-1000000000) }}", "{{ 5|round(1000000000) }}", "{{ 5|number(999999999) }}"]
)
def test_filters_bound_their_arguments(source: str) -> None:
    assert len(rendered(template(f"<p>{source}</p>")).html) < 2000


def test_loops_share_one_budget_of_the_recipient_s_data() -> None:
    source = template("<p>{% for a in rows %}{% for b in rows %}{{ b }}{% endfor %}{% endfor %}</p>")
    compiled = RENDERER.compile(source)

    assert "0123" in RENDERER.render(compiled, {"rows": list(range(10))}, links()).html
    with pytest.raises(PermanentError):
        RENDERER.render(compiled, {"rows": list(range(1000))}, links())


def test_error_of_a_recipient_tells_nothing_of_them() -> None:
    compiled = RENDERER.compile(template("<p>{{ n * 2 }}</p>"))

    with pytest.raises(PermanentError) as failed:
        RENDERER.render(compiled, {"n": "ana@example.com"}, links())
    assert "ana" not in str(failed.value)


def test_compiling_apart_gives_the_same() -> None:
    written = template(mjml=mjml("<mj-text>{{ x }}</mj-text>"))

    assert IsolatedRenderer().compile(written) == RENDERER.compile(written)


def test_refusal_comes_back_from_the_child() -> None:
    with pytest.raises(InvalidError) as refused:
        IsolatedRenderer().compile(template(mjml="<mjml>"))

    assert [(e.path, e.rule) for e in refused.value.errors] == [("mjml", "mjml")]


def test_what_would_end_the_process_ends_the_child() -> None:
    nested = mjml("<mj-text>" + "<div>" * 39_000 + "</mj-text>")

    with pytest.raises(InvalidError) as refused:
        IsolatedRenderer().compile(template(mjml=nested))

    assert refused.value.errors[0].path == "mjml"
