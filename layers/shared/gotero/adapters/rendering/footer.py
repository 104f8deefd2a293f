"""What every mail must carry, added where the template leaves it out: a way to unsubscribe, the postal address."""

import re

from gotero.domain.catalogue import Language
from gotero.domain.catalogue.pages import TEXT

_BODY_END = re.compile(r"</body\s*>(?![\s\S]*</body\s*>)", re.IGNORECASE)
_ADDRESS = (
    "{% if company.name %}{{ company.name }}{% endif %}{% if company.address %} · {{ company.address }}{% endif %}"
)
#: Width and height are given, and the text is empty: nothing is seen or read out, loaded or not.
PIXEL = (
    '{% if open_url %}<img src="{{ open_url }}" width="1" height="1" alt="" '
    'style="display:block;border:0;width:1px;height:1px">{% endif %}'
)


def complete_html(source: str, fields: set[str], language: Language) -> str:
    """`source` with the missing parts of the footer, and the pixel, at the end of its body."""
    parts = []
    if "company.address" not in fields:
        parts.append(_ADDRESS)
    if "unsubscribe_url" not in fields:
        link = f'<a href="{{{{ unsubscribe_url }}}}" style="color:#555555">{TEXT[language]["mail_unsubscribe"]}</a>'
        parts.append(link)
    footer = ""
    if parts:
        footer = (
            '<div style="margin:24px auto 0;padding:16px;max-width:600px;text-align:center;color:#555555;'
            f'font:12px/1.5 Arial,Helvetica,sans-serif">{"<br>".join(parts)}</div>'
        )
    return _before_body_end(source, footer + PIXEL)


def complete_text(source: str, fields: set[str], language: Language) -> str:
    """`source` with the missing parts of the footer."""
    parts = []
    if "company.address" not in fields:
        parts.append(_ADDRESS)
    if "unsubscribe_url" not in fields:
        parts.append(TEXT[language]["mail_unsubscribe"] + ": {{ unsubscribe_url }}")
    return source.rstrip() + ("\n\n-- \n" + "\n".join(parts) if parts else "") + "\n"


def _before_body_end(source: str, addition: str) -> str:
    match = _BODY_END.search(source)
    position = match.start() if match else len(source)
    return source[:position] + addition + source[position:]
