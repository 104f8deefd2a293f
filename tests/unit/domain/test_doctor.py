"""Each check of the doctor over the facts that decide it; every word in the catalogue is said by one of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest

from gotero.domain import catalogue
from gotero.domain.company import Company
from gotero.domain.doctor import CHECKS, Facts, examine, worst_state
from gotero.domain.doctor.account_checks import NEEDED_EVENTS
from gotero.domain.doctor.facts import (
    AccountFacts,
    DomainFacts,
    EventFacts,
    IdentityFacts,
    Reason,
    Unanswered,
    Visit,
    is_reserved,
    parents,
)
from gotero.domain.user import User

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOUSE = "huerta.es"
COMPANY = Company("Huerta", "Valencia", f"hola@{HOUSE}", verified_domains=frozenset({HOUSE}))
LUCIA = User("lucia", "Lucía", f"lucia@{HOUSE}", "marketer")
IDENTITY = IdentityFacts(True, "SUCCESS", ("abc",), f"rebotes.{HOUSE}", "SUCCESS", "eu-west-1")
DMARC = {HOUSE: ("v=DMARC1; p=reject",)}
DOMAIN = DomainFacts(HOUSE, IDENTITY, ("v=spf1 mx -all",), ("v=spf1 include:amazonses.com ~all",), DMARC)
ACCOUNT = AccountFacts(True, True, "HEALTHY", 14, 50_000, 100, "NONE")
HEALTHY = Facts(
    NOW,
    COMPANY,
    (LUCIA,),
    f"https://enlaces.{HOUSE}",
    (DOMAIN,),
    ACCOUNT,
    EventFacts(NEEDED_EVENTS, 1),
    90,
    NOW - timedelta(minutes=40),
    Visit(404),
    None,
    1000,
)
PAGE = f"https://www.{HOUSE}/baja"


def domain(**changes: Any) -> Facts:
    return replace(HEALTHY, domains=(replace(DOMAIN, **changes),))


def identity(**changes: Any) -> Facts:
    return domain(identity=replace(IDENTITY, **changes))


def account(**changes: Any) -> Facts:
    return replace(HEALTHY, account=replace(ACCOUNT, **changes))


def landing(visit: Any, page: str = PAGE) -> Facts:
    return replace(HEALTHY, company=replace(COMPANY, landing_page=page), landing=visit)


def plain(*texts: str) -> Facts:
    return domain(identity=replace(IDENTITY, mail_from=""), texts=texts)


def staff(email: str, *, disabled: bool = False) -> Facts:
    return replace(HEALTHY, users=(LUCIA, User("u", "U", email, "viewer", disabled=disabled)))


CASES: list[tuple[Facts, str, str, str]] = [
    (HEALTHY, "identity", "ok", "ok"),
    (domain(identity=None), "identity", "error", "missing"),
    (identity(verified=False), "identity", "error", "pending"),
    (HEALTHY, "dkim", "ok", "ok"),
    (domain(identity=None), "dkim", "error", "missing"),
    (identity(dkim="PENDING"), "dkim", "warning", "pending"),
    (identity(dkim="NOT_STARTED"), "dkim", "error", "failed"),
    (identity(dkim="NOT_STARTED", dkim_tokens=()), "dkim", "error", "off"),
    (HEALTHY, "mail_from", "ok", "ok"),
    (identity(mail_from=""), "mail_from", "warning", "missing"),
    (identity(mail_from_status="PENDING"), "mail_from", "warning", "pending"),
    (identity(mail_from_status="FAILED"), "mail_from", "error", "failed"),
    (HEALTHY, "spf", "ok", "ok"),
    (plain("v=spf1 mx -all"), "spf", "ok", "other"),
    (plain("google-site-verification=x"), "spf", "warning", "none"),
    (domain(return_path=()), "spf", "error", "missing"),
    (domain(return_path=("v=spf1 mx -all", "v=spf1 a")), "spf", "error", "several"),
    (domain(return_path=("v=spf1 include:amazonses.com +all",)), "spf", "error", "anybody"),
    (domain(return_path=("v=spf1 mx ~all",)), "spf", "error", "without_provider"),
    (HEALTHY, "dmarc", "ok", "ok"),
    (domain(dmarc={HOUSE: ("v=spf1 -all",)}), "dmarc", "error", "missing"),
    (domain(dmarc={HOUSE: ("V=DMARC1 ; p=none; rua=mailto:a@b.es",)}), "dmarc", "warning", "watching"),
    (domain(dmarc={HOUSE: ("v=DMARC1; p=none", "v=DMARC1; p=reject")}), "dmarc", "error", "several"),
    (domain(dmarc={HOUSE: ("v=DMARC1; rua=mailto:a@b.es",)}), "dmarc", "error", "unreadable"),
    (HEALTHY, "sandbox", "ok", "ok"),
    (account(production=False), "sandbox", "error", "inside"),
    (HEALTHY, "sending", "ok", "ok"),
    (account(sending=False), "sending", "error", "stopped"),
    (account(enforcement="SHUTDOWN"), "sending", "error", "stopped"),
    (account(enforcement="PROBATION"), "sending", "error", "probation"),
    (HEALTHY, "quota", "ok", "ok"),
    (account(per_day=-1), "quota", "ok", "unlimited"),
    (account(rate=1), "quota", "warning", "slow"),
    (account(sent=40_000), "quota", "warning", "nearly"),
    (account(sent=50_000), "quota", "error", "used_up"),
    (HEALTHY, "pricing_plan", "ok", "ok"),
    (account(plan="ESSENTIALS"), "pricing_plan", "warning", "essentials"),
    (account(plan="PRO"), "pricing_plan", "warning", "larger"),
    (account(plan=""), "pricing_plan", "unknown", "not_told"),
    (HEALTHY, "events", "ok", "ok"),
    (replace(HEALTHY, events=EventFacts(NEEDED_EVENTS - {"BOUNCE"}, 1)), "events", "error", "missing"),
    (replace(HEALTHY, events=EventFacts(NEEDED_EVENTS, 0)), "events", "error", "unheard"),
    (replace(HEALTHY, heard=0), "events", "warning", "silent"),
    (HEALTHY, "suppressions", "ok", "ok"),
    (replace(HEALTHY, suppressions_read_until=None), "suppressions", "unknown", "never"),
    (replace(HEALTHY, suppressions_read_until=NOW - timedelta(hours=5)), "suppressions", "warning", "late"),
    (HEALTHY, "tracking_domain", "ok", "ok"),
    (replace(HEALTHY, public_url="http://127.0.0.1:8080"), "tracking_domain", "warning", "plain"),
    (replace(HEALTHY, public_url="https://x.amazonaws.com"), "tracking_domain", "warning", "foreign"),
    (replace(HEALTHY, public_url=f"https://no{HOUSE}"), "tracking_domain", "warning", "foreign"),
    (replace(HEALTHY, tracking=Visit(0, trusted=False)), "tracking_domain", "error", "untrusted"),
    (replace(HEALTHY, tracking=Visit(0, reached=False)), "tracking_domain", "error", "unreachable"),
    (replace(HEALTHY, tracking=Visit(502)), "tracking_domain", "error", "broken"),
    (HEALTHY, "landing_page", "ok", "ours"),
    (landing(Visit(302)), "landing_page", "ok", "ok"),
    (landing(Visit(404)), "landing_page", "error", "broken"),
    (landing(Visit(0, trusted=False)), "landing_page", "error", "untrusted"),
    (landing(Visit(0, reached=False)), "landing_page", "error", "unreachable"),
    (landing(Unanswered("private")), "landing_page", "error", "private"),
    (landing(Visit(200), "https://otra.es/baja"), "landing_page", "warning", "foreign"),
    (HEALTHY, "free_senders", "ok", "ok"),
    (replace(HEALTHY, company=replace(COMPANY, sender="h@Gmail.com")), "free_senders", "error", "company"),
    (staff("marc@hotmail.es"), "free_senders", "warning", "users"),
    (staff("marc@hotmail.es", disabled=True), "free_senders", "ok", "ok"),
    (HEALTHY, "users_outside", "ok", "ok"),
    (staff("marc@otra.es"), "users_outside", "warning", "some"),
    (HEALTHY, "concurrency", "ok", "ok"),
    (replace(HEALTHY, concurrency=10), "concurrency", "warning", "few"),
    *((replace(HEALTHY, domains=()), check, "error", "no_sender") for check in CHECKS[:5]),
    *(
        (replace(HEALTHY, concurrency=Unanswered(r)), "concurrency", "unknown", f"unknown_{r}")
        for r in get_args(Reason)
    ),
]


@pytest.mark.parametrize(("facts", "check", "state", "said"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_check_says_what_the_facts_say(facts: Facts, check: str, state: str, said: str) -> None:
    (found,) = [finding for finding in examine(facts) if finding.check == check]
    assert (found.state, found.said) == (state, said)


def test_each_check_is_named_whatever_is_known() -> None:
    for nothing in (HEALTHY, replace(HEALTHY, domains=()), _all_unanswered()):
        assert tuple(dict.fromkeys(finding.check for finding in examine(nothing))) == CHECKS
    assert {f.state for f in examine(HEALTHY)} == {"ok"}
    states = {f.check: f.state for f in examine(_all_unanswered())}
    # What the settings say is known all the same.
    assert {check for check, state in states.items() if state == "ok"} == {"free_senders", "users_outside"}
    assert worst_state(examine(_all_unanswered())) == "unknown"
    assert worst_state(examine(account(production=False))) == "error"


def _all_unanswered() -> Facts:
    late = Unanswered("timeout")
    return replace(
        HEALTHY,
        company=replace(COMPANY, landing_page=PAGE),
        domains=(DomainFacts(HOUSE, late, late, late, late),),
        account=late,
        events=late,
        suppressions_read_until=None,
        tracking=late,
        landing=late,
        concurrency=late,
    )


def test_every_finding_has_its_words_and_every_word_is_said() -> None:
    said = {key for facts, *_ in CASES for f in examine(facts) for key in (f.check, *_keys(f.check, f.said, f.state))}
    words = catalogue.AREAS["doctor"]["es"]
    assert said == set(words)
    for (facts, check, *_), language in product(CASES, ("es", "en")):
        (found,) = [finding for finding in examine(facts) if finding.check == check]
        for key in _keys(found.check, found.said, found.state):
            text = catalogue.AREAS["doctor"]["es" if language == "es" else "en"][key]
            # No blank is left open: whatever the words ask for, the finding brings.
            assert text.format(**found.values)


def _keys(check: str, said: str, state: str) -> list[str]:
    key = said if said.startswith("unknown_") else f"{check}.{said}"
    return [key] if state == "ok" else [key, f"{key}.step"]


def test_a_parents_policy_counts_for_what_is_below_it() -> None:
    below = f"news.{HOUSE}"
    facts = {below: (), HOUSE: ("v=DMARC1; p=none; sp=reject",)}
    (found,) = [f for f in examine(domain(domain=below, dmarc=facts)) if f.check == "dmarc"]
    assert (found.state, found.values["policy"], found.values["name"]) == ("ok", "reject", HOUSE)
    assert parents("a.b.huerta.es") == ["a.b.huerta.es", "b.huerta.es", "huerta.es"]


def test_a_pending_key_is_written_as_it_is_typed() -> None:
    (found,) = [f for f in examine(identity(dkim="FAILED")) if f.check == "dkim"]
    assert found.values["records"] == f"abc._domainkey.{HOUSE} CNAME abc.dkim.amazonses.com"


@pytest.mark.parametrize(
    ("host", "reserved"), [("huertaturia.example", True), ("www.example.com", True), ("myexample.com", False)]
)
def test_names_for_examples_are_known(host: str, reserved: bool) -> None:
    assert is_reserved(host) is reserved
