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
    expect(console_page.get_by_role("img", name="Aperturas y clics por hora")).to_be_visible()


def test_a_campaign_is_sent_after_a_look_at_who_gets_it_and_the_job_moves(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="CAM355").click()
    console_page.get_by_role("button", name="Enviar").click()
    dialog = console_page.get_by_role("dialog")
    go_on = dialog.get_by_role("button", name="Continuar")
    expect(go_on).to_be_disabled()
    dialog.get_by_role("combobox", name="Plantilla").click()
    console_page.get_by_role("option", name="2-Column_1-Logo").click()
    dialog.get_by_role("combobox", name="Listas de segmentación").click()
    console_page.get_by_role("option", name=re.compile("twitter")).click()
    console_page.keyboard.press("Tab")
    go_on.click()
    expect(dialog).to_contain_text("Lo recibirán 636 personas")
    expect(dialog).to_contain_text("De 640 en las listas")
    assert [path for _, path, _ in api.calls if path.endswith("/send")] == []
    dialog.get_by_role("button", name="Enviar ahora").click()
    bar = console_page.get_by_role("progressbar").first
    expect(bar).to_be_visible()
    _, path, body = next(call for call in api.calls if call[1].endswith("/send"))
    assert path == "/v1/campaigns/cam-355/send"
    audience = {"segments": ["s-twitter"], "except": [], "everyone": False}
    assert body == {"template_id": "t-1", "audience": audience, "start": "now"}
    first = int(bar.get_attribute("aria-valuenow") or 0)
    assert 0 < first < 100
    expect(bar).not_to_have_attribute("aria-valuenow", str(first))
    expect(bar).to_have_attribute("aria-valuenow", "100", timeout=15_000)
    expect(console_page.get_by_text("Terminado", exact=True).first).to_be_visible()


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
    console_page.get_by_label("Seleccionar Pre-contacto").fill("prueba")
    console_page.get_by_role("option", name="Prueba Twitter").click()
    console_page.get_by_role("button", name="Añadir").click()
    expect(console_page.get_by_text("Añadido a la lista")).to_be_visible()
    assert api.calls[-1][2] == {"items": [{"module": "leads", "id": "l-1"}]}


def test_a_segment_is_created(console_page: Page, api: FakeApi) -> None:
    console_page.get_by_role("link", name="Lista de Segmentación").click()
    console_page.get_by_role("button", name="Crear").click()
    console_page.get_by_label("Nombre Segmento").fill("lista nueva")
    console_page.get_by_role("button", name="Guardar").click()
    expect(console_page.get_by_role("heading", name="lista nueva")).to_be_visible()
    body = {"name": "lista nueva", "type": "Newsletter", "status": "Activo", "owner": "u-lucia"}
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
    console_page.get_by_role("link", name="Plantillas").click()
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
