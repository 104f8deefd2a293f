"""Chapters 1 and 2: from an origin, or a web form, to a contact in a segment who has been answered."""

from typing import Any

from gotero.domain.modules.people import LEADSOURCE_OPTIONS
from infra.local.demo import contents
from infra.local.demo.company import MARC, TWITTER_LIST
from infra.local.demo.desk import Desk, Json
from infra.local.demo.narrator import Narrator
from infra.local.demo.visitor import fill_in_as_a_visitor
from infra.local.demo.website import THANKS, Website, fill_in
from infra.local.stack import PATIENCE_SECONDS, wait_until

IKER: Json = {
    "firstname": "Iker",
    "lastname": "Goñi Etxeberria",
    "email": "iker.goni@correo.example",
    "leadsource": "Twitter",
    "city": "Bilbao",
    "country": "España",
    "language": "es",
}
LIA = {"firstname": "Lía", "lastname": "Núñez", "email": "lia.nunez@correo.example"}
CARME = {"firstname": "Carme", "lastname": "Roig", "email": "carme@carpinteriaroig.example"}
NOBODY = {
    "firstname": "Buy",
    "lastname": "now",
    "email": "robot@spam.example",
    "gotero_website": "https://spam.example",
}

#: The origins as the screens say them.
LEADSOURCES = {option.value: option.label.es for option in LEADSOURCE_OPTIONS}


def capture_by_origin(desk: Desk, tell: Narrator) -> Json:
    """S1's use case 1; answers the contact."""
    tell.chapter("1. Un contacto con origen Twitter entra solo en la lista «twitter»")
    segment = desk.segment(TWITTER_LIST)
    desk.made("/v1/workflows", contents.capture_workflow(segment))
    tell.told("flujo «Añadir contacto a la lista twitter» creado", desk.console("workflows"))
    iker = desk.typed_in("contacts", IKER, owner=desk.user(MARC))
    wait_until(lambda: desk.sources(segment, "contacts", iker["id"]), PATIENCE_SECONDS, "Iker in the segment")
    tell.told(f"Iker Goñi ({iker['number']}) está en la lista", desk.console(f"segments/{segment}"))
    entered = wait_until(lambda: _entered(desk, iker), PATIENCE_SECONDS, "the timeline of Iker")
    tell.told(f"su cronología dice: {entered['text']['es']}", _timeline(desk, iker))
    return iker


def put_up_again(desk: Desk, site: Website) -> None:
    """The contact page of a story that was played before, if its form is still there."""
    for form in desk.stack.api("GET", "/v1/forms")["items"]:
        if form["name"] == contents.FORM:
            _put_up(desk, site, form)


def _put_up(desk: Desk, site: Website, form: Json) -> None:
    """The form's HTML on the page; the site may have had another port when the form was made."""
    if form["return_url"].endswith(THANKS) and form["return_url"] != site.thanks_page:
        desk.stack.api("PATCH", f"/v1/forms/{form['id']}", {"return_url": site.thanks_page})
    site.paste(desk.stack.call("GET", f"/v1/forms/{form['id']}/html").text)


def capture_by_form(desk: Desk, site: Website, tell: Narrator) -> Json:
    """S1's use case 2 with its answer; answers Lía."""
    tell.chapter(f"2. El formulario «{contents.FORM}», pegado en una página web")
    form = desk.made("/v1/forms", contents.contact_form(desk.user(MARC), site.thanks_page, [site.host]))
    template = desk.made("/v1/templates", contents.AUTO_REPLY)
    desk.made("/v1/workflows", contents.auto_reply_workflow(form["id"], template["id"]))
    _put_up(desk, site, form)
    tell.told("formulario, plantilla y flujo de respuesta creados", desk.console(f"forms/{form['id']}"))

    visit = fill_in_as_a_visitor(site, LIA)
    advice = f"   ({visit.advice})" if visit.advice else ""
    tell.told(f"Lía Núñez lo rellena {visit.by} y aterriza en {visit.landed}", f"{site.contact_page}{advice}")
    lia = _contact(desk, LIA["email"])
    segment = desk.segment(TWITTER_LIST)
    wait_until(lambda: desk.sources(segment, "contacts", lia["id"]), PATIENCE_SECONDS, "Lía in the segment")
    origin = lia["values"]["leadsource"]
    tell.told(
        f"es el contacto {lia['number']}, origen {origin}, en la lista", desk.console(f"records/contacts/{lia['id']}")
    )
    mail = desk.stack.mailbox.wait_for(to=LIA["email"], subject="Hemos recibido")
    tell.told(f"{mail['from']} le ha contestado: «{mail['subject']}»", f"{desk.stack.mailbox.url}/mails/{mail['id']}")

    fill_in(site.contact_page, CARME)
    carme = _contact(desk, CARME["email"])
    wait_until(lambda: desk.sources(segment, "contacts", carme["id"]), PATIENCE_SECONDS, "Carme in the segment")
    carme = desk.record("contacts", carme["id"])
    same = len(list(desk.records("contacts", {"field": "email", "op": "is", "value": CARME["email"]})))
    tell.told(
        f"Carme Roig ya era contacto (Feria): sigue habiendo {same}, origen {carme['values']['leadsource']}, "
        f"el primero ({LEADSOURCES[carme['values']['original_leadsource']]}) se conserva",
        desk.console(f"records/contacts/{carme['id']}"),
    )
    fill_in(site.contact_page, NOBODY)
    refused = fill_in(site.contact_page, LIA, Origin="https://ajena.example").status
    tell.told(f"un robot recibe las gracias de siempre y no escribe nada; una web ajena recibe un {refused}")
    return lia


def _contact(desk: Desk, email: str) -> Json:
    return wait_until(lambda: desk.find("contacts", email=email), PATIENCE_SECONDS, f"the contact {email}")


def _timeline(desk: Desk, contact: Json) -> str:
    return desk.console(f"records/contacts/{contact['id']}?tab=timeline")


def _entered(desk: Desk, contact: Json) -> dict[str, Any] | None:
    found = [item for item in desk.timeline("contacts", contact["id"]) if item["kind"] == "segment_entered"]
    return found[0] if found else None
