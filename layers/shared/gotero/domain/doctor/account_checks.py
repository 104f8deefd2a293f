"""The checks of the account: what the provider grants, and whether what it tells arrives."""

from datetime import datetime, timedelta

from gotero.domain.doctor.facts import AccountFacts, EventFacts, Unanswered
from gotero.domain.doctor.finding import Finding, ok, problem, unknown

#: What the ledger lives on (docs/adr/0011): without one of them a state of a message is never known.
NEEDED_EVENTS = frozenset({"SEND", "REJECT", "DELIVERY", "BOUNCE", "COMPLAINT"})
#: Mails without a single answer that are too many for chance: most are delivered within the minute.
_SILENCE = 20
#: Its list is read every hour.
_LATE = timedelta(hours=3)
#: What campaigns, workflows and the console want side by side. AWS gives new accounts 10, others 1,000.
_FEW_AT_ONCE = 100
#: From here on somebody should ask for more.
_NEARLY = 0.8
_NO_LIMIT = -1


def check_sandbox(account: AccountFacts | Unanswered) -> Finding:
    if isinstance(account, Unanswered):
        return unknown("sandbox", account)
    return ok("sandbox") if account.production else problem("error", "sandbox", "inside")


def check_sending(account: AccountFacts | Unanswered) -> Finding:
    if isinstance(account, Unanswered):
        return unknown("sending", account)
    if not account.sending or account.enforcement == "SHUTDOWN":
        return problem("error", "sending", "stopped")
    if account.enforcement == "PROBATION":
        return problem("error", "sending", "probation")
    return ok("sending")


def check_quota(account: AccountFacts | Unanswered) -> Finding:
    if isinstance(account, Unanswered):
        return unknown("quota", account)
    figures = {"rate": f"{account.rate:g}", "day": f"{account.per_day:.0f}", "sent": f"{account.sent:.0f}"}
    if account.per_day == _NO_LIMIT:
        return ok("quota", "unlimited", **figures)
    if account.sent >= account.per_day:
        return problem("error", "quota", "used_up", **figures)
    if account.sent >= _NEARLY * account.per_day:
        return problem("warning", "quota", "nearly", **figures)
    if account.rate <= 1:
        return problem("warning", "quota", "slow", **figures)
    return ok("quota", **figures)


def check_plan(account: AccountFacts | Unanswered) -> Finding:
    """Essentials is what new accounts are given, at 1.6 times the price à la carte; we use nothing of what it adds."""
    if isinstance(account, Unanswered):
        return unknown("pricing_plan", account)
    if not account.plan:
        return problem("unknown", "pricing_plan", "not_told")
    if account.plan == "NONE":
        return ok("pricing_plan")
    if account.plan == "ESSENTIALS":
        return problem("warning", "pricing_plan", "essentials")
    return problem("warning", "pricing_plan", "larger", plan=account.plan.capitalize())


def check_events(events: EventFacts | Unanswered, account: AccountFacts | Unanswered, heard: int) -> Finding:
    if isinstance(events, Unanswered):
        return unknown("events", events)
    missing = NEEDED_EVENTS - events.kinds
    if missing:
        return problem("error", "events", "missing", kinds=", ".join(sorted(missing)))
    if not events.listeners:
        return problem("error", "events", "unheard")
    sent = 0 if isinstance(account, Unanswered) else account.sent
    if sent >= _SILENCE and not heard:
        return problem("warning", "events", "silent", sent=f"{sent:.0f}")
    return ok("events", heard=str(heard))


def check_suppressions(read_until: datetime | None, now: datetime) -> Finding:
    if read_until is None:
        return problem("unknown", "suppressions", "never")
    if now - read_until > _LATE:
        return problem("warning", "suppressions", "late", hours=str(int((now - read_until).total_seconds() // 3600)))
    return ok("suppressions")


def check_concurrency(limit: int | Unanswered) -> Finding:
    if isinstance(limit, Unanswered):
        return unknown("concurrency", limit)
    if limit < _FEW_AT_ONCE:
        return problem("warning", "concurrency", "few", limit=str(limit))
    return ok("concurrency", limit=str(limit))
