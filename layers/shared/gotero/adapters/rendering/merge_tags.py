"""Merge tags (`{{ … }}`, `{% … %}`) are neither XML nor HTML: they step aside while a mail is treated as markup."""

import html
import re

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_OPENING = re.compile(r"\{(?=[{%#])")


class MergeTags:
    """The merge tags of one source, each kept under a word that markup tools leave alone.

    The words are ASCII letters and digits, because the MJML compiler writes other characters of attributes as escapes.
    """

    def __init__(self, source: str) -> None:
        # A comment must not reach the sandbox's parser, and CSS may say `{#` without meaning one.
        source = _COMMENT.sub("", source)
        salt = 0
        while f"MERGE{salt}N" in source:
            salt += 1
        self._word = re.compile(rf"MERGE{salt}N(\d+)X")
        self._salt = salt
        self._tags: list[str] = []
        self.protected = _TAG.sub(self._keep, source)

    def _keep(self, match: re.Match[str]) -> str:
        # Visual editors escape what is typed, within tags too: `{% if a &lt; 3 %}`.
        self._tags.append(html.unescape(match[0]))
        return f"MERGE{self._salt}N{len(self._tags) - 1}X"

    def restore(self, text: str) -> str:
        return self._word.sub(lambda match: self._tags[int(match[1])], text)

    def within(self, text: str) -> list[str]:
        """The merge tags that stand in a piece of protected text, in order."""
        return [self._tags[int(index)] for index in self._word.findall(text)]

    def begins(self, text: str) -> bool:
        """Whether protected text begins with a merge tag."""
        return self._word.match(text) is not None

    def lost(self, text: str) -> list[str]:
        """The merge tags that are no longer in `text`."""
        present = {int(index) for index in self._word.findall(text)}
        return [tag for index, tag in enumerate(self._tags) if index not in present]


def literal(text: str) -> str:
    """`text` such that the sandbox prints it: markup may spell braces as references, which are no merge tags."""
    return _OPENING.sub("{{ '{' }}", text)
