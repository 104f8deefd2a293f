"""Marks in the links of a campaign's mails, by which a website's statistics know where a visitor came from."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

#: Fields of a campaign, and parameters of a URL.
PARAMETERS = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


def marks(campaign: Mapping[str, Any]) -> dict[str, str]:
    """The marks that a campaign's values ask for: those that are filled in."""
    texts = {name: str(campaign.get(name) or "").strip() for name in PARAMETERS}
    return {name: text for name, text in texts.items() if text}


def marked(url: str, added: Mapping[str, str]) -> str:
    """`url` with the marks that it has not got itself. All of its own stays as it was, byte for byte."""
    address, hash_, fragment = url.partition("#")
    path, _, query = address.partition("?")
    own = {pair.partition("=")[0].lower() for pair in query.split("&")}
    parameters = "&".join(f"{name}={quote(text, safe='')}" for name, text in added.items() if name not in own)
    if not parameters:
        return url
    if query and not query.endswith("&"):  # "??" is a query that says "?", not an empty one
        query += "&"
    return f"{path}?{query}{parameters}{hash_}{fragment}"
