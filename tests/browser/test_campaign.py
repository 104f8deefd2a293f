"""The page of a campaign: whom it goes to, what it costs, its sends and their controls, what was left to decide."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import sample_data
from tests.browser.fake_api import FakeApi, Server


def _dialog(page: Page) -> Locator:
    page.get_by_role("link", name="CAM355").click()
    page.get_by_role("button", name="Enviar", exact=True).click()
    return page.get_by_role("dialog", name="Enviar campaña")


def _template_and_list(page: Page, dialog: Locator) -> None:
    dialog.get_by_role("combobox", name="Plantilla", exact=True).click()
    page.get_by_role("option", name="2-Column_1-Logo").click()
    dialog.get_by_role("combobox", name="Listas de segmentación").click()
    page.get_by_role("option", name=re.compile("twitter")).click()
    page.keyboard.press("Tab")


def _sent(api: FakeApi) -> Any:
    return next(body for _, path, body in api.calls if path == "/v1/campaigns/cam-355/send")


def test_a_campaign_is_sent_after_a_look_at_who_gets_it_and_the_job_moves(console_page: Page, api: FakeApi) -> None:
    dialog = _dialog(console_page)
    go_on = dialog.get_by_role("button", name="Continuar")
    expect(go_on).to_be_disabled()
    _template_and_list(console_page, dialog)
    go_on.click()
    expect(dialog).to_contain_text("Lo recibirán 636 personas")
    expect(dialog).to_contain_text(
        "640 destinatarios; 1 sin dirección, 1 con dirección no válida, 2 de baja; 62 minutos"
    )
    expect(dialog).to_contain_text(re.compile(r"1,84\s*US\$ de envío y 0,07\s*US\$ de AWS"))
    assert [path for _, path, _ in api.calls if path.endswith("/send")] == []
    dialog.get_by_role("button", name="Enviar ahora").click()
    bar = console_page.get_by_role("progressbar").first
    expect(bar).to_be_visible()
    audience = {"segments": ["s-twitter"], "except": [], "everyone": False}
    order = {"template_id": "t-1", "audience": audience, "start": "now"}
    assert _sent(api) == {**order, "confirm_recipients": 640}, "as many as were shown"
    expect(console_page.get_by_text("60 por segundo")).to_be_visible()
    first = int(bar.get_attribute("aria-valuenow") or 0)
    assert 0 < first < 100
    expect(bar).to_have_attribute("aria-valuenow", "100")
    expect(console_page.get_by_text("Terminado", exact=True).first).to_be_visible()


def test_who_exactly_is_a_list_to_search(console_page: Page, api: FakeApi) -> None:
    dialog = _dialog(console_page)
    _template_and_list(console_page, dialog)
    dialog.get_by_role("button", name="Continuar").click()
    dialog.get_by_role("button", name="¿Quiénes exactamente?").click()
    who = console_page.get_by_role("dialog", name="¿Quiénes exactamente?")
    expect(who.get_by_role("row", name=re.compile("Lía Núñez.*Se enviará"))).to_be_visible()
    who.get_by_label("Buscar").fill("prueba")
    expect(who.get_by_role("row", name=re.compile("Lía Núñez"))).to_have_count(0)
    expect(who.get_by_role("row", name=re.compile("Prueba Twitter"))).to_be_visible()
    assert api.calls[-1][2]["search"] == "prueba"
    # Escape closes what is on top, and what was chosen outlives the closing of the window.
    console_page.keyboard.press("Escape")
    expect(who).to_be_hidden()
    expect(dialog).to_contain_text("Lo recibirán 636 personas")
    dialog.get_by_role("button", name="Cerrar").click()
    console_page.get_by_role("button", name="Enviar", exact=True).click()
    expect(dialog.get_by_text("Se ha recuperado lo que estaba a medio escribir.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Continuar")).to_be_enabled()


def test_everybody_at_their_own_hour_spread_over_a_while(console_page: Page, api: FakeApi) -> None:
    dialog = _dialog(console_page)
    dialog.get_by_role("combobox", name="Plantilla", exact=True).click()
    console_page.get_by_role("option", name="2-Column_1-Logo").click()
    dialog.get_by_role("switch", name="A todos").click()
    dialog.get_by_text("Hora local").click()
    dialog.get_by_label("Fecha y hora").fill("2026-12-01T09:00")
    dialog.get_by_label("Repartir en").fill("90")
    dialog.get_by_role("button", name="Continuar").click()
    expect(dialog).to_contain_text("El 1 dic 2026, 9:00 en la hora de cada destinatario")
    dialog.get_by_role("button", name="Programar el envío").click()
    expect(console_page.get_by_role("timer")).to_be_visible()
    sent = _sent(api)
    assert (sent["start"], sent["window_minutes"]) == ({"local": "2026-12-01T09:00"}, 90)
    assert sent["audience"] == {"segments": [], "except": [], "everyone": True}


def test_a_filter_and_picked_records_join_the_lists(console_page: Page, api: FakeApi) -> None:
    dialog = _dialog(console_page)
    dialog.get_by_role("combobox", name="Plantilla", exact=True).click()
    console_page.get_by_role("option", name="2-Column_1-Logo").click()
    dialog.get_by_role("button", name="Filtros y registros sueltos").click()
    dialog.get_by_role("combobox", name="Filtro guardado").click()
    console_page.get_by_role("option", name="De Twitter").click()
    dialog.get_by_role("button", name="Añadir el filtro").click()
    dialog.get_by_label("Buscar").fill("Iker")
    dialog.get_by_role("checkbox", name=re.compile("Iker")).first.check()
    dialog.get_by_role("button", name="Continuar").click()
    expect(dialog).to_contain_text("De Twitter")
    dialog.get_by_role("button", name="Enviar ahora").click()
    expect(console_page.get_by_role("progressbar").first).to_be_visible()
    audience = _sent(api)["audience"]
    assert audience["filters"] == [{"filter_id": "flt-twitter"}]
    assert [ref["module"] for ref in audience["records"]] == ["contacts"]


def test_a_send_that_waits_counts_down_and_can_be_deleted(console_page: Page, server: Server, api: FakeApi) -> None:
    api.meta["settings"]["company"]["send_delay_minutes"] = 5
    api.send("cam-355")
    console_page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=sends")
    send = console_page.get_by_role("article")
    expect(send.get_by_role("timer")).to_contain_text(re.compile("Sale en [45]:"))
    send.get_by_role("button", name="Eliminar").click()
    console_page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(console_page.get_by_text("Todavía no se ha enviado")).to_be_visible()
    assert ("DELETE", "/v1/jobs/j-0", None) in api.calls


def test_a_send_is_paused_and_goes_on_from_the_campaign(console_page: Page, server: Server, api: FakeApi) -> None:
    api.send("cam-355")
    console_page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=sends")
    send = console_page.get_by_role("article")
    send.get_by_role("button", name="Pausar").click()
    expect(send).to_contain_text("En pausa")
    send.get_by_role("button", name="Reanudar").click()
    expect(send).to_contain_text("Terminado")
    send.get_by_role("button", name="Enviar de nuevo a quien no abrió").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_role("button", name="Continuar").click()
    expect(dialog).to_contain_text("A quienes recibieron el primer envío y no lo han abierto")
    dialog.get_by_role("button", name="Enviar ahora").click()
    expect(console_page.get_by_role("progressbar").first).to_be_visible()
    sent = _sent(api)
    assert (sent["audience"]["not_opened"], sent["confirm_recipients"]) == ("j-0", 640)


def test_a_person_decides_about_a_held_mail(console_page: Page, server: Server, api: FakeApi) -> None:
    held = {"name": "2-Column_1-Logo", "contact": "c-0", "status": "held", "campaign": "cam-355", "reason": "no_event"}
    for id in ("m-8", "m-9"):
        api.records["messages"].append(
            sample_data.record("messages", id, f"MSG-{id}", dict(held), titles={"contact": f"Persona {id}"})
        )
    console_page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=sends")
    table = console_page.get_by_role("table")
    row = table.get_by_role("row", name=re.compile("Persona m-8"))
    row.get_by_role("button", name="Dar por enviado").click()
    expect(row).to_have_count(0)
    table.get_by_role("row", name=re.compile("Persona m-9")).get_by_role("button", name="Enviar de nuevo").click()
    question = console_page.get_by_role("dialog")
    expect(question).to_contain_text("lo recibirá dos veces")
    question.get_by_role("button", name="Enviar de nuevo").click()
    expect(table).to_have_count(0)
    assert [path for _, path, _ in api.calls] == ["/v1/messages/m-8/accept", "/v1/messages/m-9/send-again"]


def test_mails_that_nobody_knows_about_are_one_list_and_decided_on_their_page(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    console_page.goto(f"{server.url}/console/open-questions")
    expect(console_page.get_by_text("No hay nada por decidir")).to_be_visible()
    held = {"name": "Bienvenida", "contact": "c-0", "status": "held", "reason": "no_event"}
    api.records["messages"].append(sample_data.record("messages", "m-8", "MSG-8", held, titles={"contact": "Iker"}))
    console_page.reload()
    row = console_page.get_by_role("row", name=re.compile("Iker.*Retenido.*lo decide una persona"))
    row.get_by_role("link", name="Iker").click()
    outcome = console_page.get_by_role("region", name="Qué ha sido del mensaje")
    expect(outcome).to_contain_text("lo decide una persona")
    outcome.get_by_role("button", name="Dar por enviado").click()
    expect(outcome.get_by_role("button")).to_have_count(0)
    assert [path for _, path, _ in api.calls] == ["/v1/messages/m-8/accept"]


def test_several_mails_in_doubt_are_decided_at_once(console_page: Page, server: Server, api: FakeApi) -> None:
    held = {"name": "Bienvenida", "contact": "c-0", "status": "held", "reason": "no_event"}
    for n in range(5):
        titles = {"contact": f"Persona {n}"}
        api.records["messages"].append(
            sample_data.record("messages", f"m-8{n}", f"MSG-8{n}", dict(held), titles=titles)
        )
    console_page.goto(f"{server.url}/console/open-questions")
    rows, bar = console_page.get_by_role("row"), console_page.get_by_role("region", name="Decidir varios")
    expect(bar).to_contain_text("Todos los correos por decidir")
    for n in (1, 3):
        console_page.get_by_label(f"Marcar Persona {n}").check()
    expect(bar).to_contain_text("2 seleccionados")
    bar.get_by_role("button", name="Dar por enviado").click()
    question = console_page.get_by_role("dialog")
    expect(question).to_contain_text("¿Dar por enviados 2 correos?")
    question.get_by_role("button", name="Dar por enviado").click()
    expect(console_page.get_by_text("Decididos: 2.")).to_be_visible()
    expect(rows).to_have_count(4)
    bar.get_by_role("button", name="Enviar de nuevo").click()
    expect(question).to_contain_text("¿Enviar de nuevo 3 correos?")
    question.get_by_role("button", name="Enviar de nuevo").click()
    expect(console_page.get_by_text("No hay nada por decidir")).to_be_visible()
    sent = [body for method, path, body in api.calls if path == "/v1/messages/decide" and not body.get("preview")]
    assert sent[0] == {"decision": "accept", "ids": ["m-81", "m-83"]}
    assert (sent[1]["decision"], list(sent[1])) == ("send_again", ["decision", "condition"])


def test_a_bounced_message_is_found_in_the_results_and_says_why(console_page: Page, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=results")
    console_page.get_by_role("group", name="Mensajes").get_by_text("Rebotado").click()
    console_page.get_by_role("link", name="MSG-000002").click()
    outcome = console_page.get_by_role("region", name="Qué ha sido del mensaje")
    expect(outcome).to_contain_text("La dirección o el dominio no existen (permanente)")
    expect(outcome).to_contain_text("550 5.1.1")
    for name, path in {"Iker Goñi": "records/contacts/c-0", "Twitter": "records/campaigns/cam-355"}.items():
        expect(outcome.get_by_role("link", name=name)).to_have_attribute("href", f"/console/{path}")
    history = console_page.get_by_role("region", name="Historia del mensaje")
    expect(history).to_contain_text(re.compile("Rebota .*Aviso del proveedor.*Se le envía", re.DOTALL))
    expect(history.get_by_text("eventType")).not_to_be_in_viewport()
    history.get_by_role("button", name="Ver el aviso original").click()
    expect(history.get_by_text("eventType")).to_be_in_viewport()
    outcome.get_by_role("link", name="2-Column_1-Logo").click()
    expect(console_page.get_by_role("heading", name="Vista previa")).to_be_visible()


def test_a_job_says_why_some_got_nothing(console_page: Page, server: Server, api: FakeApi) -> None:
    api.send("cam-355")
    api.jobs[0] |= {"state": "paused", "skipped": {"no_email": 3, "no_event": 12}}
    console_page.goto(f"{server.url}/console/jobs/j-0")
    why = console_page.get_by_role("region", name="Por qué no se enviaron").get_by_role("listitem")
    expect(why).to_have_text([re.compile("^12 · Ningún aviso"), re.compile("^3 · Sin email")])


def test_results_tell_which_links_and_why_not_and_lead_to_the_messages(console_page: Page, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/campaigns/cam-355?tab=results")
    expect(console_page.get_by_role("region", name="Mapa de enlaces")).to_contain_text(
        "https://huertaturia.example/cajas"
    )
    bounced = console_page.get_by_role("region", name="Por qué rebotaron")
    expect(bounced).to_contain_text("La dirección o el dominio no existen (permanente)")
    expect(bounced).to_contain_text("452 4.2.2")


def test_a_test_mail_goes_to_oneself_and_to_the_seed_list(console_page: Page, api: FakeApi) -> None:
    dialog = _dialog(console_page)
    _template_and_list(console_page, dialog)
    dialog.get_by_role("button", name="Direcciones de control").click()
    dialog.get_by_role("button", name="Enviar prueba").click()
    expect(console_page.get_by_text(re.compile("Prueba enviada a"))).to_be_visible()
    tests = [body["to"] for _, path, body in api.calls if path == "/v1/templates/t-1/test"]
    assert tests == [api.meta["user"]["email"], "semilla@huertaturia.example"]
