"""Chapter 5: welcomes, birthdays and New Year, with the clock moved and never waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from infra.local.demo import contents
from infra.local.demo.company import MARC
from infra.local.demo.desk import Desk, Json
from infra.local.demo.narrator import Narrator
from infra.local.stack import PATIENCE_SECONDS, Unexpected, wait_until

MADRID = ZoneInfo("Europe/Madrid")
#: After the due instant: the tick comes each minute.
TICK = timedelta(minutes=2)
PAU: Json = {
    "firstname": "Pau",
    "lastname": "Climent",
    "email": "pau.climent@correo.example",
    "leadsource": "Word of mouth",
    "language": "es",
}
#: Born last spring.
NIL: Json = {"firstname": "Nil", "lastname": "Ferrandis", "email": "familia.ferrandis@correo.example"}


@dataclass(frozen=True)
class Appointment:
    """Something that the story does or looks at when its instant has come."""

    at: datetime
    keep: Callable[[], None]


def drip(desk: Desk, iker: Json, lia: Json, tell: Narrator) -> None:
    tell.chapter("5. Goteo: bienvenidas a los 0, 10 y 40 días, Año Nuevo y cumpleaños")
    agenda = [*_welcomes(desk, iker, lia, tell), *_birthdays(desk, tell), *_new_year(desk, tell)]
    # In the order of time, whatever the day on which the story is played.
    for appointment in sorted(agenda, key=lambda appointment: appointment.at):
        ahead = appointment.at + TICK - datetime.fromisoformat(desk.stack.clock.now())
        if ahead > timedelta():
            desk.stack.clock.move(seconds=ahead.total_seconds())
        appointment.keep()


def _welcomes(desk: Desk, iker: Json, lia: Json, tell: Narrator) -> list[Appointment]:
    welcomes = [
        desk.scheduled(f"Bienvenida +{days}", template, contents.after(days))
        for days, template in contents.WELCOME.items()
    ]
    plan = desk.made("/v1/plans", {"name": "Bienvenida", "scheduled_actions": welcomes})
    desk.made("/v1/workflows", contents.welcome_workflow(welcomes))
    pau = desk.typed_in("contacts", PAU, owner=desk.user(MARC))
    desk.stack.api("POST", f"/v1/plans/{plan['id']}/assign", {"recipients": [_ref(lia), _ref(iker)]})
    mail = desk.stack.mailbox.wait_for(to=PAU["email"], subject="Bienvenida a la huerta")
    pending = wait_until(lambda: _pending(desk, pau, 2), PATIENCE_SECONDS, "one done and two pending")
    tell.told(
        f"Pau por una tarea, Lía e Iker por el plan: «{mail['subject']}» sale al momento, de {mail['from']}",
        f"{desk.stack.mailbox.url}/mails/{mail['id']}",
    )
    for person in (lia, iker):
        _wait_for_mail(desk, person, "Bienvenida a la huerta")
    instants = " y ".join(_local(item["due_at"]) for item in pending)
    tell.told(f"a Pau le faltan dos, con su instante exacto: {instants}", _whose(desk, pau))
    second, third = (datetime.fromisoformat(item["due_at"]) for item in pending)

    def middle() -> None:
        # The clock must not jump over a mail on its way: its sender would seem to have died long ago.
        for person in (pau, lia, iker):
            _wait_for_mail(desk, person, "¿Qué fruta toca")
        tell.told(f"{_local(pending[0]['due_at'])}: «¿Qué fruta toca este mes?» a los tres", desk.stack.mailbox.url)

    def leave() -> None:
        desk.stack.api("POST", f"/v1/plans/{plan['id']}/unassign", {"recipients": [_ref(iker)]})
        tell.told("día 35: Iker se desasigna del plan; su tercera carta no saldrá", _whose(desk, iker))

    def last() -> None:
        for person in (pau, lia):
            _wait_for_mail(desk, person, "a mitad de precio")
        to_iker = len(desk.stack.mailbox.messages(to=iker["values"]["email"], subject="a mitad de precio"))
        tell.told(
            f"{_local(pending[1]['due_at'])}: «Tu primera cesta, a mitad de precio» a Pau y a Lía; a Iker, {to_iker}",
            desk.stack.mailbox.url,
        )

    return [Appointment(second, middle), Appointment(third - timedelta(days=5), leave), Appointment(third, last)]


def _birthdays(desk: Desk, tell: Narrator) -> list[Appointment]:
    now = datetime.fromisoformat(desk.stack.clock.now())
    next_birthday = desk.scheduled("Cumpleaños", contents.BIRTHDAY, contents.NEXT_BIRTHDAY)
    literal = desk.scheduled("El día que nació", contents.BIRTHDAY, contents.DAY_OF_BIRTH)
    people = [
        wait_until(
            lambda: desk.find("contacts", firstname="Àngels", birthday="1985-05-17"), PATIENCE_SECONDS, "Àngels"
        ),
        wait_until(lambda: desk.find("contacts", birthday="1988-02-29"), PATIENCE_SECONDS, "somebody of 29 February"),
        desk.typed_in("contacts", {**NIL, "birthday": f"{now.year}-04-20"}, owner=desk.user(MARC)),
    ]
    assigned = {person["values"]["birthday"]: _assign(desk, next_birthday, person) for person in people}
    shown = "; ".join(f"{day} → {_local(item['due_at'])}" for day, item in assigned.items())
    tell.told(f"próximo cumpleaños de tres personas: {shown}", _whose(desk, people[0]))
    past = _assign(desk, literal, people[0])
    tell.told(f"un instante ya pasado al asignar no se envía: {past['state']} ({past['reason']})")
    leap = assigned["1988-02-29"]

    def congratulated() -> None:
        _wait_until_done(desk, leap)
        _wait_for_mail(desk, people[1], "Felicidades")
        tell.told(f"quien nació un 29 de febrero recibe su felicitación el {_local(leap['due_at'])}")

    return [Appointment(datetime.fromisoformat(leap["due_at"]), congratulated)]


def _new_year(desk: Desk, tell: Narrator) -> list[Appointment]:
    """09:00 in four zones."""
    year = datetime.fromisoformat(desk.stack.clock.now()).year + 1
    new_year = desk.scheduled(f"Año nuevo {year}", contents.NEW_YEAR, contents.on_new_year(year))
    agenda = []
    for zone in ("Asia/Tokyo", "Europe/Madrid", "Atlantic/Canary", "America/Mexico_City"):
        person = next(desk.records("contacts", _reachable(zone)))
        item = _assign(desk, new_year, person)

        def greeted(zone: str = zone, item: Json = item, email: str = person["values"]["email"]) -> None:
            _wait_until_done(desk, item)
            mail = desk.stack.mailbox.wait_for(to=email, subject="Feliz año nuevo")
            tell.told(f"a las {item['due_at'][11:16]} UTC son las 09:00 en {zone}: «{mail['subject']}»")

        agenda.append(Appointment(datetime.fromisoformat(item["due_at"]), greeted))
    return agenda


def _assign(desk: Desk, scheduled_action: str, person: Json) -> Json:
    body = {"recipients": [_ref(person)]}
    (item,) = desk.stack.api("POST", f"/v1/scheduled-actions/{scheduled_action}/assign", body)["items"]
    return dict(item)


def _reachable(zone: str) -> Json:
    """Somebody of that zone whom mail reaches; among the imported addresses some are broken."""
    return {
        "all": [
            {"field": "time_zone", "op": "is", "value": zone},
            {"field": "email", "op": "contains", "value": "@"},
            {"field": "email", "op": "contains", "value": ".example"},
            {"not": {"field": "email", "op": "contains", "value": "@@"}},
            {"not": {"field": "do_not_email", "op": "is", "value": True}},
        ]
    }


def _pending(desk: Desk, person: Json, count: int) -> list[Json]:
    items = desk.assignments("contacts", person["id"])
    pending = [item for item in items if item["state"] == "pending"]
    return pending if len(pending) == count and len(items) > count else []


def _wait_for_mail(desk: Desk, person: Json, subject: str) -> None:
    desk.stack.mailbox.wait_for(to=person["values"]["email"], subject=subject, timeout=PATIENCE_SECONDS)


def _wait_until_done(desk: Desk, assignment: Json) -> None:
    def done() -> bool:
        now = desk.stack.api("GET", f"/v1/assignments/{assignment['id']}")
        if now["state"] in ("skipped", "error"):
            raise Unexpected(f"assignment {now['state']}: {now['reason']}")
        return bool(now["state"] == "done")

    wait_until(done, PATIENCE_SECONDS, "the mail of an assignment")


def _ref(record: Json) -> Json:
    return {"module": record["module"], "id": record["id"]}


def _whose(desk: Desk, person: Json) -> str:
    """Where the assignments of somebody are seen."""
    return desk.console(f"assignments?module={person['module']}&id={person['id']}")


def _local(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(MADRID):%d/%m/%Y %H:%M}"
