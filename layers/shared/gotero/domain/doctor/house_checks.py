"""The checks of the house itself: the checklist before the first mailing (own domain, own addresses, own web page)."""

from collections.abc import Iterable

from gotero.domain.company import Company
from gotero.domain.doctor.facts import Facts, Unanswered, Visit, host_of
from gotero.domain.doctor.finding import Finding, ok, problem, unknown
from gotero.domain.user import User

#: Mailboxes that anybody gets for nothing. Their DMARC policies refuse what others send in their name.
FREE_MAIL = frozenset(
    (
        "163.com",
        "aol.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.es",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "hotmail.es",
        "hotmail.fr",
        "hotmail.it",
        "icloud.com",
        "live.com",
        "live.es",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "orange.es",
        "outlook.com",
        "outlook.es",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "telefonica.net",
        "terra.es",
        "tutanota.com",
        "web.de",
        "ya.com",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.es",
        "yahoo.fr",
        "yandex.com",
        "yandex.ru",
        "zoho.com",
    )
)
#: As many as fit into a sentence.
_NAMED = 5
_SERVER_ERROR = 500
_BAD_REQUEST = 400


def check_tracking_domain(facts: Facts) -> Finding:
    """Links of mails lead through our public address: one under the sender's domain is trusted, AWS's own is not."""
    host = host_of(facts.public_url)
    if not facts.public_url.startswith("https://"):
        return problem("warning", "tracking_domain", "plain", host=host)
    if isinstance(facts.tracking, Visit) and not facts.tracking.reached:
        return problem("error", "tracking_domain", "unreachable", host=host)
    if isinstance(facts.tracking, Visit) and not facts.tracking.trusted:
        return problem("error", "tracking_domain", "untrusted", host=host)
    if isinstance(facts.tracking, Visit) and facts.tracking.status >= _SERVER_ERROR:
        return problem("error", "tracking_domain", "broken", host=host, status=str(facts.tracking.status))
    if not _ours(facts.company, host):
        return problem("warning", "tracking_domain", "foreign", host=host, domain=_first(facts.company))
    if isinstance(facts.tracking, Unanswered):
        return unknown("tracking_domain", facts.tracking)
    return ok("tracking_domain", host=host)


def check_landing_page(facts: Facts) -> Finding:
    page, visit = facts.company.landing_page, facts.landing
    host = host_of(page)
    if not page or visit is None:
        return ok("landing_page", "ours")
    if isinstance(visit, Unanswered):
        if visit.reason == "private":
            return problem("error", "landing_page", "private", host=host)
        return unknown("landing_page", visit)
    if not visit.reached:
        return problem("error", "landing_page", "unreachable", host=host)
    if not visit.trusted:
        return problem("error", "landing_page", "untrusted", host=host)
    if visit.status >= _BAD_REQUEST:
        return problem("error", "landing_page", "broken", host=host, status=str(visit.status))
    if not _ours(facts.company, host):
        return problem("warning", "landing_page", "foreign", host=host)
    return ok("landing_page", host=host)


def check_free_senders(company: Company, users: Iterable[User]) -> Finding:
    if _domain(company.sender) in FREE_MAIL:
        return problem("error", "free_senders", "company", sender=company.sender)
    free = [user.email for user in users if not user.disabled and _domain(user.email) in FREE_MAIL]
    if free:
        return problem("warning", "free_senders", "users", who=_some(free))
    return ok("free_senders")


def check_users_outside(company: Company, users: Iterable[User]) -> Finding:
    """Their mails leave from the company's address, with theirs as Reply-To (domain/sender_identity.py)."""
    outside = [user.email for user in users if not user.disabled and not company.may_send_as(user.email)]
    if outside:
        return problem("warning", "users_outside", "some", who=_some(outside), sender=company.sender)
    return ok("users_outside")


def _ours(company: Company, host: str) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in company.verified_domains)


def _first(company: Company) -> str:
    return _domain(company.sender) or min(company.verified_domains, default="")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _some(addresses: list[str]) -> str:
    rest = len(addresses) - _NAMED
    return ", ".join(addresses[:_NAMED]) + (f" (+{rest})" if rest > 0 else "")
