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


_WHOM = r"(user|recipient|mail ?box|address(es)?|account|alias|rcpt)\b"
#: What servers say in other languages: Spanish, Portuguese, Italian, French, German, Dutch, Polish, Russian.
_WHOM_ELSEWHERE = (
    r"(usu[aá]rio|persona|destinat[aá]rio|buz[oó]n|casilla|cuenta|conta\b|caixa|direcci[oó]n|utente|casella|indirizzo|"
    r"utilisateur|destinataire|bo[iî]te|adresse|benutzer|empf[aä]nger|postfach|gebruiker|u[zż]ytkownik|odbiorca|"
    r"пользовател|получател|ящик)"
)
_UNKNOWN_ELSEWHERE = (
    r"(no existe|n[aã]o existe|non esiste|n'existe|existiert nicht|bestaat niet|nie istnieje|не (существует|найден)|"
    r"inexist|inesist|desconocid|desconhecid|sconosciut|inconnu|unbekannt|onbekend|niezna|неизвестн|нет такого|"
    r"n(o|[aã]o) (se ha )?encontrad|non trovat|nessun|introuvable|nicht gefunden)"
)
#: Asked in this order: what is said of the sender or the content says nothing about the mailbox, and «full» or
#: «disabled» mailboxes exist. Patterns without nested repetition: the text comes from anybody's server.
_PHRASES: tuple[tuple[Bounce, re.Pattern[str]], ...] = (
    (
        "block",
        _any(
            r"sender('s)? (domain|(mailbox |e-?mail )?address|rejected|is |denied|verif)|unknown senders?\b",
            r"(remitente|remetente|mittente|exp[eé]diteur|absender|afzender|отправител)",
            r"spam(?!mer)",
            r"\bUBE\b",
            r"\bvirus|malware|infected",
            r"block(ed|list)|black ?list|dnsbl|\brbl\b|banned",
            r"\bspf\b|\bdkim\b|dmarc|unauthenticated|authentication (required|check)|authenticate|AuthRequired",
            r"reverse dns|\bptr\b|mismatches client ip|rdns|\b(helo|ehlo)\b",
            r"reputation|\bpolicy\b|policies|content rejected|message rejected|prohibited",
            r"relay(ing)? (denied|access|not)|not (configured )?to relay|not allowed to send",
            r"(?<!address rejected: )access denied",
            r"rfc ?5322|rfc ?2822|multiple .{0,40}(header|address)|not compliant|unsolicited",
            r"not authori[sz]ed|(?<!not )listed (at|in|on)|recipient preferences",
        ),
    ),
    (
        "soft",
        _any(
            r"(mailbox|mail box|quota|inbox|storage|account).{0,30}(full|exceeded|exceeds|over quota|is over)",
            r"(buz[oó]n|casilla|casella|caixa|bo[iî]te|postfach|ящик).{0,30}(llen[oa]|piena|chei[ao]|pleine|voll|переполнен)",
            r"over ?quota|quota ?exceeded|insufficient (system )?storage|no space left",
            r"disabled|suspended|frozen|inactive|deactivated|locked|on hold",
            r"timed? ?out|expired|try (again )?later|not found,? try again|temporar|deferred|greylist",
            r"rate limit|too (many|much|fast)|throttl",
            r"too (big|large)|size limit|exceeds? .{0,30}size",
            r"hop count|routing loop|mail loop|connection (refused|reset)|could not connect|service unavailable",
            r"frequency limited|malformed or unexpected name server",
        ),
    ),
    (
        "hard",
        _any(
            rf"{_WHOM}.{{0,60}}(unknown|not (be )?found|not (exist|present|local)|invalid|no longer)",
            rf"{_WHOM}.{{0,60}}(has been|was) (closed|deleted|removed|replaced)|has been replaced by",
            r"(unknown|invalid|bad|no such|nonexist\w*) .{0,40}(user|recipient|mailbox|address|account|person|local)",
            r"\bno (user|account|mail ?box|person|one|recipient)\b.{0,30}(by that name|here|at this|found|for this)",
            r"no such user|user unknown|nosuchuser|does(n't| not) exist|not exist|(bad|valid)rcptto|can't accept user",
            r"RecipNotFound|RecipientNotFound|recipient address rejected|mailbox unavailable|address rejected\b",
            r"not an? (known|valid|local) (user|mailbox|recipient|address)|not our customer|user missing home",
            r"no such domain|invalid domain|unknown (host|domain)|(domain|host)\b.{0,60}(not found|unknown|must exist)",
            r"domain .{0,60}not reachable|not listed (in|on) .{0,40}(directory|address book)",
            r"null mx|has moved|user not local|un(deliver|rout|route)able|no longer (valid|active|available|works)",
            r"(not|n't) have an? .{0,60}account|(not|n't|no longer) (accepts?|receives?) (e-?)?mails?\b",
            rf"{_WHOM_ELSEWHERE}.{{0,40}}{_UNKNOWN_ELSEWHERE}|{_UNKNOWN_ELSEWHERE}.{{0,30}}{_WHOM_ELSEWHERE}",
            r"(用户|收件人|邮箱|帐号|账号).{0,6}(不存在|未找到)|宛先.{0,6}(不明|見つかり)",
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
