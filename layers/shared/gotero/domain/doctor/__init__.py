"""Whether mail will arrive: what the provider, the names of the network and the settings say, judged check by check."""

from gotero.domain.doctor.account_checks import (
    check_concurrency,
    check_events,
    check_plan,
    check_quota,
    check_sandbox,
    check_sending,
    check_suppressions,
)
from gotero.domain.doctor.domain_checks import check_dkim, check_dmarc, check_identity, check_mail_from, check_spf
from gotero.domain.doctor.facts import Facts
from gotero.domain.doctor.finding import Finding, ok, problem, worst_state
from gotero.domain.doctor.house_checks import (
    check_free_senders,
    check_landing_page,
    check_tracking_domain,
    check_users_outside,
)

#: Every check by its id, in the order in which they are put right.
CHECKS = (
    "identity",
    "dkim",
    "mail_from",
    "spf",
    "dmarc",
    "sandbox",
    "sending",
    "quota",
    "pricing_plan",
    "events",
    "suppressions",
    "tracking_domain",
    "landing_page",
    "free_senders",
    "users_outside",
    "concurrency",
)


def examine(facts: Facts) -> list[Finding]:
    """What there is to say, in the order of CHECKS; a check of a domain once for each domain."""
    found = [
        *(check(domain) for domain in facts.domains for check in (check_identity, check_dkim, check_mail_from)),
        *(check(domain) for domain in facts.domains for check in (check_spf, check_dmarc)),
        check_sandbox(facts.account),
        check_sending(facts.account),
        check_quota(facts.account),
        check_plan(facts.account),
        check_events(facts.events, facts.account, facts.heard),
        check_suppressions(facts.suppressions_read_until, facts.now),
        check_tracking_domain(facts),
        check_landing_page(facts),
        check_free_senders(facts.company, facts.users),
        check_users_outside(facts.company, facts.users),
        check_concurrency(facts.concurrency),
    ]
    if not facts.domains:
        found.extend(problem("error", check, "no_sender") for check in CHECKS[:5])
    return sorted(found, key=lambda finding: CHECKS.index(finding.check))


__all__ = ["CHECKS", "Facts", "Finding", "examine", "ok", "problem", "worst_state"]
