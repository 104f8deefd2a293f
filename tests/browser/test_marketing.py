import re

from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server


def test_the_results_of_a_campaign_are_tiles_and_a_chart(console_page: Page, server: Server) -> None:
    console_page.get_by_role("link", name="CAM355").click()
    console_page.get_by_role("tab", name="Resultados").click()
    tiles = {"Enviados": "640", "Entregados": "621", "Rebotados": "13", "Sin email": "51"}
    for label, value in tiles.items():
        expect(console_page.locator(f"[data-tile='{label}']")).to_contain_text(value)
    expect(console_page.locator("[data-tile=Abiertos]")).to_contain_text("38,0 %")
    chart = console_page.get_by_role("img", name=re.compile("^Enviados: 640, Entregados: 621"))
    expect(chart.locator("svg").first).to_be_visible()
    hours = console_page.get_by_role("region", name="Aperturas y clics por hora")
    expect(hours.get_by_role("img", name=re.compile(r"Madrid.*Abiertos: \d+, Clics: \d+"))).to_be_visible()
    # An axis of time: the night without anything takes its room, and the next day has its mark.
    expect(hours.get_by_text("22 nov", exact=True)).to_be_visible()
    expect(hours.get_by_text("21:00", exact=True)).to_be_visible()
    expect(hours.locator("path.recharts-area-curve")).to_have_count(2)
    hours.get_by_role("group", name="Qué se muestra").get_by_text("Abiertos").click()
    expect(hours.locator("path.recharts-area-curve")).to_have_count(1)


def test_a_running_job_can_be_paused_and_is_cancelled_only_after_asking(console_page: Page, api: FakeApi) -> None:
    api.send("cam-355")
    console_page.get_by_role("link", name="Trabajos programados").click()
    row = console_page.get_by_role("row", name=re.compile("Envío de campaña"))
    row.get_by_role("button", name="Pausar").click()
    expect(row).to_contain_text("En pausa")
    row.get_by_role("button", name="Cancelar el trabajo").click()
    console_page.get_by_role("dialog").get_by_role("button", name="Cancelar el trabajo").click()
    expect(row).to_contain_text("Cancelado")
    assert [path for _, path, _ in api.calls] == ["/v1/jobs/j-0/pause", "/v1/jobs/j-0/cancel"]


def test_a_segment_shows_its_members_and_why_they_are_in(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Lista de Segmentación").click()
    console_page.get_by_role("link", name="twitter", exact=True).click()
    row = console_page.get_by_role("row", name=re.compile("Iker Goñi"))
    expect(row).to_contain_text("Flujo de trabajo")
    console_page.get_by_role("tab", name=re.compile("Pre-contactos")).click()
    expect(console_page.get_by_role("row", name=re.compile("Prueba Twitter"))).to_contain_text("A mano")


def test_several_are_picked_into_a_segment(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    console_page.get_by_role("button", name="Seleccionar Contacto").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_label("Buscar").fill("Iker")
    dialog.get_by_role("checkbox", name=re.compile("Iker")).first.check()
    dialog.get_by_label("Buscar").fill("Lía")
    dialog.get_by_role("checkbox", name=re.compile("Lía")).first.check()
    expect(dialog).to_contain_text("2 seleccionados")
    dialog.get_by_role("button", name="Añadir").click()
    expect(console_page.get_by_text("Añadido a la lista")).to_be_visible()
    method, path, body = api.calls[-1]
    assert (method, path) == ("POST", "/v1/segments/s-twitter/members")
    assert {item["module"] for item in body["items"]} == {"contacts"}
    assert len(body["items"]) == 2


def test_a_lead_made_from_a_segment_is_in_it_when_saved(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=leads")
    console_page.get_by_role("link", name="Añadir Pre-contacto").click()
    console_page.get_by_label("Apellidos").fill("Nueva")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_role("heading", name="twitter")).to_be_visible()
    made, put = api.calls[-2:]
    assert made[:2] == ("POST", "/v1/records/leads")
    assert put == ("POST", "/v1/segments/s-twitter/members", {"items": [{"module": "leads", "id": "new-1"}]})


def test_a_member_says_why_and_is_taken_out_only_after_asking(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    row = console_page.get_by_role("row", name=re.compile("Iker Goñi"))
    row.get_by_role("button", name="Por qué").click()
    expect(console_page.get_by_role("link", name="Añadir contacto a la lista twitter")).to_be_visible()
    console_page.keyboard.press("Escape")
    row.get_by_role("button", name="Quitar de la lista").click()
    assert api.calls == []
    console_page.get_by_role("dialog").get_by_role("button", name="Quitar de la lista").click()
    expect(console_page.get_by_text("Quitado de la lista")).to_be_visible()
    assert api.calls[-1][:2] == ("DELETE", "/v1/segments/s-twitter/members")


def test_a_list_is_loaded_from_a_saved_filter(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    console_page.get_by_role("button", name="Cargar Lista").click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Filtro guardado").click()
    console_page.get_by_role("option", name="De Twitter").click()
    expect(dialog).to_contain_text(re.compile(r"Lo cumplen \d+ registros"))
    dialog.get_by_role("button", name="Cargar", exact=True).click()
    expect(console_page.get_by_role("progressbar").first).to_be_visible()
    assert api.calls[-1] == ("POST", "/v1/segments/s-twitter/load", {"filter_id": "flt-twitter"})


def turn_on_for(page: Page, first_name: str) -> None:
    # Where nobody is yet it is offered once more, as the next step.
    page.get_by_role("button", name="Cargar Lista").first.click()
    dialog = page.get_by_role("dialog", name=re.compile("Cargar Lista"))
    dialog.get_by_text("Condición propia").click()
    dialog.get_by_label("Valor").fill(first_name)
    dialog.get_by_role("checkbox", name="AutoSync").check()
    dialog.get_by_role("button", name="Activar AutoSync").click()


def test_a_contact_that_is_made_appears_in_a_segment_that_is_kept_in_step(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    console_page.goto(f"{server.url}/console/segments/s-prueba?tab=contacts")
    turn_on_for(console_page, "Zaida")
    expect(console_page.get_by_text("Se está llenando")).to_be_visible()
    expect(console_page.get_by_text("Se está llenando")).to_be_hidden(timeout=20_000)
    assert api.create("contacts", {"values": {"firstname": "Zaida", "lastname": "Ñíguez"}})[0] == 201
    expect(console_page.get_by_role("row", name=re.compile("Zaida Ñíguez"))).to_contain_text("Filtro")


def test_why_is_told_in_words_and_who_was_taken_out_is_let_in(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    expect(console_page.get_by_role("img", name=re.compile("Miembros a lo largo del tiempo"))).to_be_visible()
    row = console_page.get_by_role("row", name=re.compile("Iker Goñi"))
    row.get_by_role("button", name="Por qué").focus()
    console_page.keyboard.press("Enter")
    said = console_page.get_by_role("dialog")
    expect(said).to_contain_text("Todo esto:")
    expect(said).to_contain_text("(tiene: Twitter)")
    expect(said).to_contain_text("Cambiaría con solo esto: Fecha de Nacimiento")
    expect(said).to_contain_text("25 nov 2026")
    console_page.keyboard.press("Escape")
    console_page.get_by_role("button", name="Dejar entrar otra vez").click()
    expect(console_page.get_by_text("Los filtros vuelven a contar")).to_be_visible()
    kept = {"items": [{"module": "contacts", "id": "c-2"}]}
    assert api.calls[-1] == ("DELETE", "/v1/segments/s-twitter/blocked", kept)
    console_page.goto(f"{server.url}/console/records/contacts/c-0?tab=memberships")
    expect(console_page.get_by_role("link", name="twitter", exact=True)).to_be_visible()
    expect(console_page.get_by_text("Todo esto:")).to_be_visible()


def test_autosync_is_turned_on_with_a_condition_and_off_after_asking(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    console_page.goto(f"{server.url}/console/segments/s-twitter?tab=contacts")
    console_page.get_by_role("button", name="Desactivar AutoSync").click()
    console_page.get_by_role("dialog").get_by_role("button", name="Desactivar AutoSync").click()
    expect(console_page.get_by_text("AutoSync desactivado")).to_be_visible()
    assert api.calls[-1] == ("POST", "/v1/segments/s-twitter/autosync", {"on": False, "id": "r-1"})
    turn_on_for(console_page, "Iker")
    expect(console_page.get_by_role("progressbar").first).to_be_visible()
    condition = {"all": [{"field": "firstname", "op": "is", "value": "Iker"}]}
    body = {"on": True, "module": "contacts", "condition": condition}
    assert api.calls[-1] == ("POST", "/v1/segments/s-twitter/autosync", body)


def test_a_plan_is_assigned_to_several_from_its_page(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.goto(f"{server.url}/console/plans/p-1")
    story = console_page.get_by_role("region", name="Qué recibe cada destinatario, y cuándo")
    expect(story).to_contain_text(re.compile(r"Asignación \+ 10 días.*Bienvenida \+10.*Bienvenida 1", re.DOTALL))
    who = console_page.get_by_role("region", name="Quién está en el plan")
    expect(who.get_by_role("row", name=re.compile("Iker Gil"))).to_contain_text(re.compile("Pendiente.*1 dic 2026"))
    expect(who).to_contain_text("1 más de esta página es de un registro que no puedes ver")
    console_page.get_by_role("button", name="Asignar", exact=True).click()
    dialog = console_page.get_by_role("dialog")
    dialog.get_by_label("Buscar").fill("Iker")
    dialog.get_by_role("checkbox", name=re.compile("Iker")).first.check()
    dialog.get_by_role("button", name="Asignar", exact=True).click()
    expect(dialog).to_contain_text("Pendiente")
    method, path, body = api.calls[-1]
    assert (method, path, len(body["recipients"])) == ("POST", "/v1/plans/p-1/assign", 1)


def test_a_person_is_put_on_a_plan_and_taken_off_from_its_own_page(
    console_page: Page, server: Server, api: FakeApi
) -> None:
    console_page.goto(f"{server.url}/console/records/contacts/c-0?tab=assignments")
    console_page.get_by_role("combobox", name="Plan o acción programada").click()
    console_page.get_by_role("option", name="Bienvenida", exact=True).click()
    console_page.get_by_role("button", name="Asignar", exact=True).click()
    expect(console_page.get_by_text("Asignado", exact=True)).to_be_visible()
    assert api.calls[-1][1:] == ("/v1/plans/p-1/assign", {"recipients": [{"module": "contacts", "id": "c-0"}]})
    console_page.get_by_role("row", name=re.compile("Pendiente")).get_by_role("button", name="Desasignar").click()
    console_page.get_by_role("dialog").get_by_role("button", name="Desasignar").click()
    expect(console_page.get_by_text("Desasignado", exact=True)).to_be_visible()
    assert api.calls[-1][:2] == ("DELETE", "/v1/assignments/z-1")


def test_a_segment_is_created(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Lista de Segmentación").click()
    console_page.get_by_role("button", name="Crear").click()
    console_page.get_by_label("Nombre Segmento").fill("lista nueva")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_role("heading", name="lista nueva")).to_be_visible()
    body = {"name": "lista nueva", "type": "Newsletter", "status": "Activo", "owner": "u-lucia", "keeps_out": False}
    assert api.calls[-1] == ("POST", "/v1/segments", body)


def test_a_workflow_reads_like_a_sentence(console_page: Page) -> None:
    console_page.get_by_role("link", name="Flujos de trabajo").click()
    console_page.get_by_role("link", name="Añadir contacto a la lista twitter").click()
    expect(console_page.get_by_text("Cada vez que se guarda la entidad")).to_be_visible()
    expect(console_page.get_by_text("Origen de Pre-Contacto es «Twitter»")).to_be_visible()
    expect(console_page.get_by_role("link", name="twitter", exact=True)).to_have_attribute(
        "href", "/console/segments/s-twitter"
    )


def test_a_form_gives_its_html_to_copy(console_page: Page) -> None:
    console_page.get_by_role("link", name="Formularios").click()
    console_page.get_by_role("link", name="Pagina de contacto").click()
    console_page.get_by_role("button", name="Mostrar formulario").click()
    expect(console_page.get_by_text('method="post"')).to_be_visible()
    expect(console_page.get_by_role("button", name="Copiar")).to_be_visible()


def test_a_preview_shows_the_mail_and_runs_nothing_of_it(console_page: Page, server: Server, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Plantillas", exact=True).click()
    console_page.get_by_role("link", name="2-Column_1-Logo").click()
    mail = console_page.frame_locator("iframe[title='Vista previa']")
    expect(mail.get_by_role("heading", name="Fruta para la oficina")).to_be_visible()
    assert console_page.title() == "2-Column_1-Logo · Gotero"
    console_page.get_by_role("button", name="Enviar prueba").click()
    expect(console_page.get_by_text("Prueba enviada a lucia@huertaturia.example")).to_be_visible()
    assert api.calls[-1] == ("POST", "/v1/templates/t-1/test", {"to": "lucia@huertaturia.example"})


def test_assignments_show_instant_and_state(console_page: Page) -> None:
    console_page.get_by_role("link", name="Asignaciones").click()
    console_page.get_by_label("Seleccionar Contacto").fill("Iker")
    console_page.get_by_role("option", name=re.compile("CON-000001")).click()
    row = console_page.get_by_role("row", name=re.compile("Bienvenida"))
    expect(row).to_contain_text("Pendiente")
    expect(row).to_contain_text("1 dic 2026, 22:30")


def test_scheduled_actions_say_when_in_words(console_page: Page) -> None:
    console_page.get_by_role("link", name="Acciones de Mkt Programadas").click()
    expect(console_page.get_by_text("Asignación + 10 días")).to_be_visible()
    expect(console_page.get_by_text("Fecha de Nacimiento (próximo aniversario) a las 09:00")).to_be_visible()


def test_a_job_says_whom_it_passed_by_and_why(console_page: Page, api: FakeApi) -> None:
    api.send("cam-355")
    api.jobs[0]["skipped"] = {"later_word": 7, "no_email": 41}
    console_page.get_by_role("link", name="Trabajos programados").click()
    console_page.get_by_role("link", name=re.compile("Envío de campaña")).click()
    reasons = console_page.get_by_role("region", name="Por qué no se enviaron")
    expect(reasons.get_by_role("listitem")).to_have_text(["41 · Sin email", "7 · later word"])
