"""`MailClients`: which user agents are no person, by the public list of crawlers and a few that mail has of its own."""

from functools import lru_cache

import crawleruseragents

#: Mail Privacy Protection fetches under this bare name, and so do many scanners.
_BARE = frozenset({"", "mozilla/5.0", "mozilla/4.0"})
#: Gmail's image proxy opens when its reader does: the list calls it a crawler, for opens it is a person's.
_PERSONS_PROXY = "googleimageproxy"


class CrawlerList:
    """The list of crawler-user-agents."""

    def is_machine(self, user_agent: str) -> bool:
        return _is_machine(user_agent.strip().casefold(), user_agent)


@lru_cache(maxsize=2048)
def _is_machine(plain: str, user_agent: str) -> bool:
    if plain in _BARE:
        return True
    return _PERSONS_PROXY not in plain and crawleruseragents.is_crawler(user_agent)
