"""The doctor: everybody who knows something is asked at once, and what they say is judged and put into words."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gotero.domain import catalogue, instant
from gotero.domain.company import ID, KIND, Company
from gotero.domain.deliverability import Tally
from gotero.domain.doctor import Facts, Finding, examine, worst_state
from gotero.domain.doctor.facts import (
    DomainFacts,
    IdentityFacts,
    Unanswered,
    UnansweredError,
    Visit,
    host_of,
    is_reserved,
    parents,
)
from gotero.domain.user import User
from gotero.ports import Json, MailProvider, Marks, NameTexts, WebPages
from gotero.services.brake import BrakeDesk, account_windows
from gotero.services.mirror_suppressions import SYNC

T = TypeVar("T")
#: Seconds that a round of questions may take; those who look things up in the network give up earlier.
_PATIENCE = 5.0
_AT_ONCE = 32
#: A house that sends from more domains looks at the first of them.
_DOMAINS = 10


@dataclass(frozen=True, slots=True)
class Doctor:
    """Whom it asks. `patience` is the seconds that it waits for an answer."""

    desk: BrakeDesk
    provider: MailProvider
    texts: NameTexts
    pages: WebPages
    marks: Marks
    public_url: str
    patience: float = _PATIENCE


def examine_mail(doctor: Doctor) -> Json:
    """Each check with its state, what is wrong in words, and the next step."""
    found = examine(_gather(doctor))
    return {
        "state": worst_state(found),
        "at": instant.write(doctor.desk.clock.now()),
        "checks": [_told(finding) for finding in found],
        "counts": {state: sum(f.state == state for f in found) for state in ("ok", "warning", "error", "unknown")},
    }


def _told(finding: Finding) -> Json:
    key = finding.said if finding.said.startswith("unknown_") else f"{finding.check}.{finding.said}"
    return {
        "id": finding.check,
        "subject": finding.subject or None,
        "state": finding.state,
        "label": _words(finding.check, finding),
        "text": _words(key, finding),
        "step": _words(f"{key}.step", finding) if finding.state != "ok" else None,
    }


def _words(key: str, finding: Finding) -> Json:
    return {
        "es": catalogue.text("doctor", key, "es", **{name: _grouped(v, ".") for name, v in finding.values.items()}),
        "en": catalogue.text("doctor", key, "en", **{name: _grouped(v, ",") for name, v in finding.values.items()}),
    }


def _grouped(value: str, mark: str) -> str:
    """A whole number by thousands, as the language writes it; anything else as it is."""
    return f"{int(value):,}".replace(",", mark) if value.isascii() and value.isdecimal() else value


def _gather(doctor: Doctor) -> Facts:
    definitions = doctor.desk.definitions
    stored = definitions.get(KIND, ID)
    company = Company.from_json(stored.data if stored else {})
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        ask = _Round(pool)
        account, events = ask(doctor.provider.account), ask(doctor.provider.events)
        concurrency = ask(doctor.provider.concurrency)
        tracking = ask(lambda: _visit(doctor.pages, doctor.public_url))
        landing = ask(lambda: _visit(doctor.pages, company.landing_page)) if company.landing_page else None
        domains = _ask_domains(doctor, ask, pool, _domains(company))
        mark = doctor.marks.get(SYNC)
        return Facts(
            now=doctor.desk.clock.now(),
            company=company,
            users=tuple(User.from_json(each.id, each.data) for each in definitions.all("users")),
            public_url=doctor.public_url,
            domains=domains,
            account=account.answer(),
            events=events.answer(),
            heard=sum(account_windows(doctor.desk, doctor.desk.brakes.get()).values(), Tally()).known,
            suppressions_read_until=instant.read(mark) if mark else None,
            tracking=tracking.answer(),
            landing=landing.answer() if landing else None,
            concurrency=concurrency.answer(),
        )
    finally:
        # Who has not answered by now is left behind.
        pool.shutdown(wait=False, cancel_futures=True)


def _ask_domains(
    doctor: Doctor, ask: "_Round", pool: ThreadPoolExecutor, domains: list[str]
) -> tuple[DomainFacts, ...]:
    """Waits for everything that has been asked; then for the return paths, whose names the provider has just told."""
    identities = {domain: ask(_of(doctor.provider.identity, domain)) for domain in domains}
    names = [name for domain in domains for name in (domain, *(f"_dmarc.{up}" for up in parents(domain)))]
    texts = {name: ask(_of(doctor.texts, name)) for name in dict.fromkeys(names) if not is_reserved(name)}
    ask.wait(doctor.patience)
    known = {domain: identity.answer() for domain, identity in identities.items()}
    second = _Round(pool)
    returns = {
        domain: second(_of(doctor.texts, identity.mail_from))
        for domain, identity in known.items()
        if isinstance(identity, IdentityFacts) and identity.mail_from and not is_reserved(domain)
    }
    second.wait(doctor.patience)

    def told(name: str) -> tuple[str, ...] | Unanswered:
        return texts[name].answer() if name in texts else Unanswered("reserved")

    return tuple(
        DomainFacts(
            domain,
            known[domain],
            told(domain),
            returns[domain].answer() if domain in returns else told(domain),
            _policies({up: told(f"_dmarc.{up}") for up in parents(domain)}),
        )
        for domain in domains
    )


class _Asked(Generic[T]):
    """A question that is under way."""

    def __init__(self, future: "Future[T]") -> None:
        self.future = future

    def answer(self) -> T | Unanswered:
        if not self.future.done():
            return Unanswered("timeout")
        try:
            return self.future.result()
        except UnansweredError as error:
            return Unanswered(error.reason)


class _Round:
    """Questions that are asked side by side."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._asked: list[Future[Any]] = []

    def __call__(self, question: Callable[[], T]) -> _Asked[T]:
        future = self._pool.submit(question)
        self._asked.append(future)
        return _Asked(future)

    def wait(self, seconds: float) -> None:
        wait(self._asked, seconds)


def _of(question: Callable[[str], T], name: str) -> Callable[[], T]:
    return lambda: question(name)


def _visit(pages: WebPages, url: str) -> Visit:
    if not url.startswith("https://"):
        raise UnansweredError("private")
    if is_reserved(host_of(url)):
        raise UnansweredError("reserved")
    return pages(url)


def _policies(answers: dict[str, tuple[str, ...] | Unanswered]) -> dict[str, tuple[str, ...]] | Unanswered:
    """What is known up to the nearest name with a policy; a name that nobody answered for may have had one."""
    known: dict[str, tuple[str, ...]] = {}
    for name, answer in answers.items():
        if isinstance(answer, Unanswered):
            return answer
        known[name] = answer
        if any(text.lower().startswith("v=dmarc1") for text in answer):
            break
    return known


def _domains(company: Company) -> list[str]:
    """The sender's own first."""
    own = company.sender.rpartition("@")[2].casefold()
    return sorted(company.verified_domains, key=lambda domain: (domain != own, domain))[:_DOMAINS]
