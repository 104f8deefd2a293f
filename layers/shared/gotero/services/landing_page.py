"""The company's own page for those who want to leave, when the settings name one. Kept for a minute."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from gotero.domain import company
from gotero.domain.company import Company
from gotero.ports import Clock, Definitions

KEEP = timedelta(seconds=60)


class LandingPage:
    """One instance a process."""

    def __init__(self, definitions: Definitions, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._known: tuple[datetime, str] | None = None

    def address(self, token: str) -> str:
        """Where somebody with this token is sent; empty when the page is ours."""
        page = self._page()
        return f"{page}{'&' if '?' in page else '?'}token={quote(token, safe='')}" if page else ""

    def may_call(self, origin: str) -> bool:
        """Whether a script of this origin is the page's."""
        parts = urlsplit(self._page())
        return bool(parts.netloc) and origin == f"{parts.scheme}://{parts.netloc}"

    def _page(self) -> str:
        now = self._clock.now()
        if self._known is None or not timedelta(0) <= now - self._known[0] < KEEP:
            stored = self._definitions.get(company.KIND, company.ID)
            self._known = (now, Company.from_json(stored.data if stored else {}).landing_page)
        return self._known[1]
