"""MJML to HTML."""

import re

import mjml

from gotero.adapters.rendering.merge_tags import MergeTags
from gotero.domain.errors import FieldError, InvalidError

#: The compiler accepts any element and drops what it does not know: a part would be missing, unsaid.
_ELEMENTS = (
    "mj-accordion mj-accordion-element mj-accordion-text mj-accordion-title mj-all mj-attributes mj-body mj-breakpoint"
    " mj-button mj-carousel mj-carousel-image mj-class mj-column mj-divider mj-font mj-group mj-head mj-hero"
    " mj-html-attribute mj-html-attributes mj-image mj-navbar mj-navbar-link mj-preview mj-raw mj-section mj-selector"
    " mj-social mj-social-element mj-spacer mj-style mj-table mj-text mj-title mj-wrapper"
)
_ELEMENT = re.compile(r"<(mj-[a-z-]+)")
_ROOT = re.compile(r"<mjml(?![^>]*\slang=)")
#: How the compiler writes a character of an attribute that it takes for unprintable (the joiner within an emoji).
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def to_html(tags: MergeTags, language: str) -> str:
    """The protected HTML of protected MJML; InvalidError with the compiler's reason."""
    source = _ROOT.sub(f'<mjml lang="{language}"', tags.protected, count=1)
    known = _ELEMENTS.split()
    unknown = next((name for name in _ELEMENT.findall(source) if name not in known), None)
    if unknown:
        raise _refused(f"<{unknown}>")
    try:
        # No fonts: the compiler's own would tell a font server who reads the mail. No loader: nothing is included.
        compiled = mjml.mjml2html(source, fonts={})
    except ValueError as error:
        raise _refused(str(error)) from error
    lost = tags.lost(compiled)
    if lost:
        raise _refused(f"{lost[0][:100]}: <mj-raw>")
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), compiled)


def _refused(reason: str) -> InvalidError:
    return InvalidError(FieldError("mjml", "mjml", (("reason", reason),)))
