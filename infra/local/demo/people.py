"""The customers of Huerta Turia, S.L.: 500 contacts, 40 accounts and 100 leads. The same ones every time."""

import unicodedata
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from typing import Any

from infra.local.demo.names import (
    CASTILE,
    CATALONIA,
    CONTACTS_FROM,
    MEXICO,
    PORTUGAL,
    VALENCIA,
    Region,
)

SEED = 2026_11_21
CONTACTS, ACCOUNTS, LEADS = 500, 40, 100
#: Of the contacts.
WITHOUT_EMAIL, BROKEN_EMAIL, DO_NOT_EMAIL = 40, 10, 12
ACCOUNTS_WITHOUT_CONTACT = 9
MARC, INES, LUCIA = "Marc Soler", "Inês Duarte", "Lucía Ferrer"

Values = dict[str, Any]


@dataclass
class Customer:
    """A record to be made. `key` is what its id is derived from; `account` is the key of a contact's account."""

    module: str
    key: str
    values: Values
    owner: str
    account: str | None = None
    #: Its address is kept as an older system held it.
    broken: bool = False


@dataclass
class _Company:
    """Hands out what no two may share."""

    random: Random = field(default_factory=lambda: Random(SEED))
    addresses: set[str] = field(default_factory=set)

    def address(self, name: str, domain: str) -> str:
        local = _slug(name) or "cliente"
        address, n = f"{local}@{domain}", 1
        while address in self.addresses:
            n += 1
            address = f"{local}{n}@{domain}"
        self.addresses.add(address)
        return address

    def number(self, pattern: str) -> str:
        return "".join(str(self.random.randrange(10)) if c == "#" else c for c in pattern)

    def day(self, first_year: int, last_year: int) -> str:
        year, month = self.random.randint(first_year, last_year), self.random.randint(1, 12)
        return f"{year}-{month:02d}-{self.random.randint(1, 28):02d}"


def customers() -> list[Customer]:
    """Accounts first: contacts point to them."""
    company = _Company()
    accounts = _accounts(company)
    contacts = _contacts(company, accounts)
    leads = _leads(company, accounts, contacts)
    return [*accounts, *contacts, *leads]


_FIRST_ACCOUNTS = (
    ("Carpintería Roig, S.L.", "Manufacturing", "carpinteriaroig.example"),
    ("Gestoría Llopis", "Legal", "gestoriallopis.example"),
    ("Clínica Dental Sanchis", "Healthcare", "clinicasanchis.example"),
    ("Estudi Monzó Arquitectes", "Engineering", "estudimonzo.example"),
)
_KINDS = (
    ("Talleres", "Manufacturing"),
    ("Gestoría", "Legal"),
    ("Clínica", "Healthcare"),
    ("Academia", "Education"),
    ("Hotel", "Hospitality"),
    ("Transportes", "Transportation"),
    ("Estudio", "Engineering"),
    ("Librería", "Retail"),
    ("Bodegas", "Food & Beverage"),
    ("Editorial", "Media"),
    ("Software", "Technology"),
    ("Asesoría", "Consulting"),
)


def _accounts(company: _Company) -> list[Customer]:
    random = company.random
    made = []
    for i in range(ACCOUNTS):
        region = VALENCIA if i < 22 else (CATALONIA, CASTILE, PORTUGAL, MEXICO)[i % 4]
        if i < len(_FIRST_ACCOUNTS):
            name, industry, domain = _FIRST_ACCOUNTS[i]
        else:
            kind, industry = _KINDS[i % len(_KINDS)]
            surname = region.surnames[(i * 5) % len(region.surnames)]
            name = f"{kind} {surname}" if i % 3 else f"{kind} {surname}, S.L."
            domain = f"{_slug(kind)}{_slug(surname)}{i}.example"
        values: Values = {
            "accountname": name,
            "industry": industry,
            "type": random.choice(("Customer", "Customer", "Prospect", "Partner")),
            "employees": random.choice((4, 9, 12, 25, 60, 140)),
            "email": company.address("info", domain),
            "website": f"https://{domain}",
            "phone": company.number(region.landline),
            **_place(region, random),
            "language": region.language,
        }
        made.append(Customer("accounts", f"account-{i}", values, INES if region is PORTUGAL else MARC))
    return made


def _contacts(company: _Company, accounts: list[Customer]) -> list[Customer]:
    random = company.random
    regions = list(chain.from_iterable([region] * n for region, n in CONTACTS_FROM))
    random.shuffle(regions)
    made = _named_contacts(company)
    with_people = accounts[: ACCOUNTS - ACCOUNTS_WITHOUT_CONTACT]
    for i in range(CONTACTS - len(made)):
        region = regions[i]
        employers = [a for a in with_people if a.values["country"] == region.country]
        account = employers[i % len(employers)] if employers and random.random() < 0.5 else None
        made.append(_contact(company, len(made), region, account))
    plain = made[_NAMED:]
    for customer in plain[:WITHOUT_EMAIL]:
        del customer.values["email"]
    for i, customer in enumerate(plain[WITHOUT_EMAIL : WITHOUT_EMAIL + BROKEN_EMAIL]):
        customer.values["email"] = _broken(customer.values["email"], i)
        customer.broken = True
    for customer in plain[200 : 200 + DO_NOT_EMAIL]:
        customer.values["do_not_email"] = True
    near = [customer for customer in plain[100:] if customer.values["time_zone"] == "Europe/Madrid"]
    for customer, born in zip(near, ("1988-02-29", "1992-02-29", "1996-02-29"), strict=False):
        customer.values["birthday"] = born
    _share_info(made, accounts)
    return made


def _contact(company: _Company, i: int, region: Region, account: Customer | None) -> Customer:
    random = company.random
    woman = random.random() < 0.53
    firstname = random.choice(region.women if woman else region.men)
    surnames = random.sample(region.surnames, 2 if region.two_surnames and random.random() < 0.6 else 1)
    domain = account.values["website"].removeprefix("https://") if account else random.choice(_MAIL_DOMAINS)
    values: Values = {
        "firstname": firstname,
        "lastname": " ".join(surnames),
        "gender": "female" if woman else "male",
        "email": company.address(f"{firstname}.{surnames[0]}", domain),
        "mobile": company.number(region.mobile),
        "leadsource": random.choice(_ORIGINS),
        **_place(region, random),
        "language": region.language,
        "time_zone": region.zone,
    }
    if account:
        values["title"] = random.choice(_TITLES)
        values["phone"] = account.values["phone"]
    if random.random() < 0.6:
        values["birthday"] = company.day(1955, 2003)
    owner = INES if region is PORTUGAL else random.choice((MARC, MARC, INES, LUCIA))
    return Customer("contacts", f"contact-{i}", values, owner, account.key if account else None)


#: How many contacts below are written out.
_NAMED = 9


def _named_contacts(company: _Company) -> list[Customer]:
    """The people whom the story and the source documents call by name."""
    named: list[tuple[str, str, str, Values]] = [
        ("prueba-twitter", "Prueba", "Twitter", {"leadsource": "Web Site"}),
        ("webform-prueba-1", "Webform", "Prueba 1", {"leadsource": "Web Site"}),
        (
            "carme-roig",
            "Carme",
            "Roig",
            {"leadsource": "Trade Show", "email": "carme@carpinteriaroig.example", "title": "Gerente"},
        ),
        ("angels-ferrandis", "Àngels", "Ferrandis", {"birthday": "1985-05-17", "mobile": "+34612345670"}),
        # Nearly the same person, typed in twice: for merging.
        ("angels-ferrandis-2", "Angels", "Ferrandis", {"birthday": "1985-05-17", "mobile": "+34612345670"}),
        ("uxia-castro", "Uxía", "Castro", {"city": "Vigo", "region": "Galicia"}),
        ("uxia-castro-2", "Uxia", "Castro", {"city": "Vigo", "region": "Galicia"}),
        (
            "layla-alhadad",
            "ليلى",
            "الحداد",
            {
                "email": "layla.alhadad@correo.example",
                "country": "Egypt",
                "language": "ar",
                "time_zone": "Africa/Cairo",
            },
        ),
        (
            "kaethe-gross",
            "Käthe",
            "Groß",
            {"email": "kaethe@bäckerei-groß.example", "country": "Deutschland", "language": "de"},
        ),
    ]
    made = []
    for key, firstname, lastname, more in named:
        values = {"firstname": firstname, "lastname": lastname, "language": "es", "country": "España", **more}
        if "email" not in more:
            values["email"] = company.address(f"{firstname}.{lastname}", _MAIL_DOMAINS[0])
        company.addresses.add(values["email"])
        account = "account-0" if key == "carme-roig" else None
        made.append(Customer("contacts", key, values, MARC, account))
    return made


def _share_info(contacts: list[Customer], accounts: list[Customer]) -> None:
    """Two contacts are reached under the address of their firm (a lead does so too, see below)."""
    for account in accounts[4:6]:
        contact = next(c for c in contacts[_NAMED + WITHOUT_EMAIL + BROKEN_EMAIL :] if c.account == account.key)
        contact.values["email"] = account.values["email"]


def _leads(company: _Company, accounts: list[Customer], contacts: list[Customer]) -> list[Customer]:
    random = company.random
    made = []
    for i in range(LEADS):
        region = (VALENCIA, VALENCIA, CATALONIA, CASTILE, PORTUGAL)[i % 5]
        firstname = random.choice(region.women + region.men)
        surname = random.choice(region.surnames)
        values: Values = {
            "firstname": firstname,
            "lastname": surname,
            "company": f"{random.choice(_KINDS)[0]} {random.choice(region.surnames)}",
            "email": company.address(f"{firstname}.{surname}", random.choice(_MAIL_DOMAINS)),
            "mobile": company.number(region.mobile),
            "leadsource": _ORIGINS[i % len(_ORIGINS)],
            "status": random.choice(("New", "New", "Contacted", "Qualified")),
            **_place(region, random),
            "language": region.language,
        }
        made.append(Customer("leads", f"lead-{i}", values, INES if region is PORTUGAL else MARC))
    made[0].values["email"] = accounts[6].values["email"]
    return made


_MAIL_DOMAINS = ("correo.example", "buzon.example", "mail.example", "oficina.example")
_TITLES = ("Gerente", "Compras", "Administración", "Recursos humanos", "Recepción")
_ORIGINS = (
    "Web Site",
    "Trade Show",
    "Existing Customer",
    "Word of mouth",
    "Cold Call",
    "Direct Mail",
    "Conference",
    "Partner",
    "Self Generated",
    "Public Relations",
    "Other",
)


def _place(region: Region, random: Random) -> Values:
    city = random.choice(sorted(region.towns))
    area, postal_code = region.towns[city]
    return {"city": city, "region": area, "postal_code": postal_code, "country": region.country}


def _broken(address: str, i: int) -> str:
    """As people type them."""
    local, _, domain = address.partition("@")
    return (f"{local}@", f"{local} {domain}", f"{local}@@{domain}", f"{local}@{domain.removesuffix('.example')}", "-")[
        i % 5
    ]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return ".".join("".join(c if c.isalnum() else " " for c in plain).split())
