"""The checks of a domain that mails leave from: the provider's own, then what the DNS says."""

from gotero.domain.doctor.facts import DomainFacts, Unanswered, parents
from gotero.domain.doctor.finding import Finding, ok, problem, unknown

_SES_SPF = "include:amazonses.com"


def check_identity(facts: DomainFacts) -> Finding:
    identity, domain = facts.identity, facts.domain
    if isinstance(identity, Unanswered):
        return unknown("identity", identity, subject=domain)
    if identity is None:
        return problem("error", "identity", "missing", subject=domain, domain=domain)
    if not identity.verified:
        return problem("error", "identity", "pending", subject=domain, domain=domain, records=_keys(facts))
    return ok("identity", subject=domain, domain=domain)


def check_dkim(facts: DomainFacts) -> Finding:
    identity, domain = facts.identity, facts.domain
    if isinstance(identity, Unanswered):
        return unknown("dkim", identity, subject=domain)
    if identity is None:
        return problem("error", "dkim", "missing", subject=domain, domain=domain)
    if identity.dkim == "SUCCESS":
        return ok("dkim", subject=domain, domain=domain)
    if identity.dkim in ("PENDING", "TEMPORARY_FAILURE"):
        return problem("warning", "dkim", "pending", subject=domain, domain=domain, records=_keys(facts))
    if not identity.dkim_tokens:  # SES gives the records when it is turned on
        return problem("error", "dkim", "off", subject=domain, domain=domain)
    return problem("error", "dkim", "failed", subject=domain, domain=domain, records=_keys(facts))


def check_mail_from(facts: DomainFacts) -> Finding:
    identity, domain = facts.identity, facts.domain
    if isinstance(identity, Unanswered):
        return unknown("mail_from", identity, subject=domain)
    if identity is None or not identity.mail_from:
        return problem("warning", "mail_from", "missing", subject=domain, domain=domain, name=f"rebotes.{domain}")
    name = identity.mail_from
    records = f"{name} MX 10 feedback-smtp.{identity.region}.amazonses.com"
    if identity.mail_from_status == "SUCCESS":
        return ok("mail_from", subject=domain, name=name)
    if identity.mail_from_status == "FAILED":
        return problem("error", "mail_from", "failed", subject=domain, name=name, records=records)
    return problem("warning", "mail_from", "pending", subject=domain, name=name, records=records)


def check_spf(facts: DomainFacts) -> Finding:
    """SPF is checked on the return path. Without one of our own it is the provider's, and passes under its name."""
    identity, domain = facts.identity, facts.domain
    if isinstance(identity, Unanswered):
        return unknown("spf", identity, subject=domain)
    ours = bool(identity and identity.mail_from)
    name = identity.mail_from if identity and identity.mail_from else domain
    texts = facts.return_path if ours else facts.texts
    if isinstance(texts, Unanswered):
        return unknown("spf", texts, subject=domain)
    policies = [text for text in texts if text.lower().split(" ", 1)[0] == "v=spf1"]
    if not policies:
        return problem("error" if ours else "warning", "spf", "missing" if ours else "none", subject=domain, name=name)
    if len(policies) > 1:
        return problem("error", "spf", "several", subject=domain, name=name)
    terms = policies[0].lower().split()
    if {"+all", "all"} & set(terms):
        return problem("error", "spf", "anybody", subject=domain, name=name)
    if ours and _SES_SPF not in (term.lstrip("+?~-") for term in terms):
        return problem("error", "spf", "without_provider", subject=domain, name=name)
    return ok("spf", "ok" if ours else "other", subject=domain, name=name)


def check_dmarc(facts: DomainFacts) -> Finding:
    """The nearest name with a policy decides; a parent's counts for what is below it."""
    if isinstance(facts.dmarc, Unanswered):
        return unknown("dmarc", facts.dmarc, subject=facts.domain)
    domain = facts.domain
    for name in parents(domain):
        policies = [text for text in facts.dmarc.get(name, ()) if text.lower().replace(" ", "").startswith("v=dmarc1")]
        if not policies:
            continue
        if len(policies) > 1:
            return problem("error", "dmarc", "several", subject=domain, name=name)
        tags = _tags(policies[0])
        policy = tags.get("p", "") if name == domain else tags.get("sp", tags.get("p", ""))
        if policy in ("quarantine", "reject"):
            return ok("dmarc", subject=domain, name=name, policy=policy)
        if policy == "none":
            return problem("warning", "dmarc", "watching", subject=domain, name=name)
        return problem("error", "dmarc", "unreadable", subject=domain, name=name)
    return problem("error", "dmarc", "missing", subject=domain, domain=domain)


def _tags(policy: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in policy.split(";"))
    return {key.strip().lower(): value.strip().lower() for key, _, value in pairs}


def _keys(facts: DomainFacts) -> str:
    """The records that the provider looks for, as they are typed into the DNS."""
    identity = facts.identity
    if identity is None or isinstance(identity, Unanswered):
        return ""
    return "; ".join(
        f"{token}._domainkey.{facts.domain} CNAME {token}.dkim.amazonses.com" for token in identity.dkim_tokens
    )
