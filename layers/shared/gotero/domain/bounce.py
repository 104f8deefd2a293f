"""What a recipient's server meant by returning a mail, read from its own words.

Servers answer with a reply code (RFC 5321), often an enhanced status (RFC 3463), and a sentence. The sentence is the
most telling and the least regular, so it is asked first; then the enhanced status; then the reply code.

    hard   there is no such mailbox or domain: nothing may be sent there again
    block  it does not want this mail, or mail from us: the mailbox itself is fine
    soft   it may well work another time
    other  nothing of this can be told
"""

import re
from typing import Literal

Bounce = Literal["hard", "block", "soft", "other"]


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


#: Asked in this order: what is said of the sender or the content says nothing about the mailbox, and «full» or
#: «disabled» mailboxes exist. Patterns without nested repetition: the text comes from anybody's server.
_PHRASES: tuple[tuple[Bounce, re.Pattern[str]], ...] = (
    (
        "block",
        _any(
            r"sender address",
            r"sender (domain|rejected|is |denied)",
            r"spam(?!mer)",
            r"\bUBE\b",
            r"\bvirus|malware|infected",
            r"block(ed|list)|black ?list|dnsbl|\brbl\b|banned",
            r"\bspf\b|\bdkim\b|dmarc|unauthenticated|authentication (required|check)|AuthRequired",
            r"reverse dns|\bptr\b|mismatches client ip|rdns",
            r"reputation|\bpolicy\b|policies|content rejected|message rejected|prohibited",
            r"relay(ing)? (denied|access|not)|not (configured )?to relay|access denied|not allowed to send",
            r"rfc ?5322|rfc ?2822|multiple .{0,40}(header|address)|not compliant|unsolicited",
            r"not authori[sz]ed|(?<!not )listed (at|in|on)|recipient preferences",
        ),
    ),
    (
        "soft",
        _any(
            r"(mailbox|mail box|quota|inbox|storage|account).{0,30}(full|exceeded|exceeds|over quota|is over)",
            r"over ?quota|quota ?exceeded|insufficient (system )?storage|no space left",
            r"disabled|suspended|frozen|inactive|deactivated|locked|on hold",
            r"timed? ?out|expired|try (again )?later|temporar|deferred|greylist",
            r"rate limit|too (many|much|fast)|throttl",
            r"too (big|large)|size limit|exceeds? .{0,30}size",
            r"hop count|routing loop|mail loop|connection (refused|reset)|could not connect|service unavailable",
            r"frequency limited|malformed or unexpected name server",
        ),
    ),
    (
        "hard",
        _any(
            r"(user|recipient|mailbox|address|account|alias|rcpt)\b.{0,60}(unknown|not found|not exist|invalid)",
            r"(user|recipient|mailbox|address|account)\b.{0,60}no longer",
            r"(unknown|invalid|bad|no such|nonexist\w*) .{0,40}(user|recipient|mailbox|address|account|person|local)",
            r"no such user|user unknown|nosuchuser|not a known user|no mailbox here|does(n't| not) exist|not exist",
            r"RecipNotFound|RecipientNotFound|recipient address rejected|mailbox unavailable",
            r"no such domain|invalid domain|domain .{0,60}(not found|not reachable|unknown)|host (unknown|not found)",
            r"not listed (in|on) .{0,40}(directory|address book)",
            r"null mx|has moved|user not local|unrouteable|no longer (valid|active|available|works)",
            r"is not a valid (mailbox|recipient|address)|doesn't have an? .{0,60}account",
            r"(does not|doesn't) (accept|receive) (e-?)?mail",
        ),
    ),
)
#: Enhanced status, without its class, to what it means (RFC 3463 and IANA's registry).
_STATUS: tuple[tuple[re.Pattern[str], Bounce], ...] = (
    (re.compile(r"1\.[78]$"), "block"),  # the sender's address
    (re.compile(r"1\.([0-46]|10)$"), "hard"),
    (re.compile(r"2\.[0-9]+$"), "soft"),
    (re.compile(r"3\.4$"), "soft"),
    (re.compile(r"4\.4$"), "hard"),
    (re.compile(r"4\.[0-9]+$"), "soft"),
    (re.compile(r"[67]\.[0-9]+$"), "block"),
)
#: A mailbox may be called `blocked@`, and a domain frozen-foods: names say nothing about what happened.
_ADDRESS = re.compile(r"[\w.+%'=/-]{1,64}@[\w.-]{1,255}")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")
_READ = 2000


def classify(diagnostic: str, status: str = "") -> Bounce:
    """What the words and codes of one returned mail mean."""
    text = _ADDRESS.sub("<>", " ".join(diagnostic[:_READ].split()))
    for bounce, phrases in _PHRASES:
        if phrases.search(text):
            return bounce
    codes = _ENHANCED.findall(text) + _ENHANCED.findall(status)
    for severity, code in codes:
        if severity == "4":
            return "soft"
        if severity == "5" and code != "0.0":
            for pattern, bounce in _STATUS:
                if pattern.match(code):
                    return bounce
    reply = _REPLY.search(text)
    if reply and reply[1] == "4":
        return "soft"
    return "other"
