"""Forms, workflows and the rest are made and changed on the screen; what the API refuses stands at its field."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_api import FakeApi, Server


def choose(page: Page, label: str | re.Pattern[str], option: str | re.Pattern[str], nth: int = 0) -> None:
    page.get_by_role("combobox", name=label).nth(nth).click()
    page.get_by_role("option", name=option).first.click()


@pytest.fixture
def at(console_page: Page, server: Server) -> Page:
    console_page.goto(f"{server.url}/console/forms")
    return console_page


def test_a_form_is_made_with_required_and_imposed_fields(at: Page, api: FakeApi) -> None:
    at.get_by_role("link", name="Crear").click()
    at.locator("[name=name]").fill("Feria de otoño")
    at.get_by_role("combobox", name="Dominios web").fill("huertaturia.example")
    email = at.locator("[data-form-field=email]")
    email.get_by_role("checkbox", name="Email", exact=True).check()
    email.get_by_role("checkbox", name="Requerido: Email").check()
    source = at.locator("[data-form-field=leadsource]")
    source.get_by_role("checkbox", name="Origen de Pre-Contacto", exact=True).check()
    source.get_by_role("checkbox", name="Imponer Valor: Origen de Pre-Contacto").check()
    choose(at, "Valor: Origen de Pre-Contacto", "Feria")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Feria de otoño")).to_be_visible()
    expect(at.get_by_role("button", name="Mostrar formulario")).to_be_visible()
    assert api.calls[-1] == (
        "POST",
        "/v1/forms",
        {
            "name": "Feria de otoño",
            "module": "contacts",
            "owner": "u-lucia",
            "return_url": "",
            "language": "",
            "button": "",
            "allowed_domains": ["huertaturia.example"],
            "any_domain": False,
            "active": True,
            "fields": [
                {"field": "lastname", "required": True},
                {"field": "email", "required": True},
                {"field": "leadsource", "required": False, "imposed": "Trade Show"},
            ],
        },
    )


def test_any_domain_is_an_explicit_choice_with_a_warning(at: Page, api: FakeApi) -> None:
    at.get_by_role("link", name="Pagina de contacto").click()
    at.get_by_role("link", name="Editar").click()
    at.get_by_role("checkbox", name="Aceptar cualquier dominio").check()
    expect(at.get_by_text("Cualquier página del mundo")).to_be_visible()
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()
    assert api.calls[-1] == ("PATCH", "/v1/forms/f-1", {"any_domain": True})


def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(at: Page, api: FakeApi) -> None:
    api.refused = [("return_url", "No es una dirección web."), ("fields[1].imposed", "No es una opción.")]
    at.get_by_role("link", name="Pagina de contacto").click()
    at.get_by_role("link", name="Editar").click()
    url = at.get_by_label("URL retorno")
    url.fill("gracias")
    at.get_by_role("button", name="Guardar").click()
    expect(url).to_have_attribute("aria-invalid", "true")
    expect(at.get_by_role("alert")).to_contain_text("URL retorno: No es una dirección web.")
    expect(at.get_by_role("alert")).to_contain_text("Campos 2 · Imponer Valor: No es una opción.")
    expect(url).to_have_value("gracias")
    url.fill("https://huertaturia.example/")
    expect(url).not_to_have_attribute("aria-invalid", "true")


def test_leaving_with_unsaved_changes_asks_first(at: Page, api: FakeApi) -> None:
    at.get_by_role("link", name="Pagina de contacto").click()
    at.get_by_role("link", name="Editar").click()
    at.locator("[name=name]").fill("Otro nombre")
    at.get_by_role("link", name="Plantillas", exact=True).click()
    at.get_by_role("dialog").get_by_role("button", name="Seguir editando").click()
    expect(at.locator("[name=name]")).to_have_value("Otro nombre")
    at.get_by_role("link", name="Plantillas", exact=True).click()
    at.get_by_role("dialog").get_by_role("button", name="Salir sin guardar").click()
    expect(at.get_by_role("heading", name="Plantillas", exact=True)).to_be_visible()
    assert api.calls == []


def test_a_record_that_was_typed_into_is_not_left_without_asking(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/records/contacts/c-0/edit")
    at.get_by_label("Apellidos").fill("Otro")
    at.get_by_role("link", name="Plantillas", exact=True).click()
    at.get_by_role("dialog").get_by_role("button", name="Seguir editando").click()
    at.get_by_role("button", name="Guardar", exact=True).click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()
    assert api.calls[-1][2] == {"values": {"lastname": "Otro"}}


def test_a_workflow_is_built_with_a_nested_condition_and_a_task(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/workflows/new")
    at.locator("[name=name]").fill("Banca en Twitter")
    condition = at.get_by_role("group", name="Grupo de condiciones").first
    condition.get_by_role("button", name="Condición").first.click()
    choose(at, "Campo", "Origen de Pre-Contacto")
    choose(at, "Valor", "Twitter")
    condition.get_by_role("button", name="Grupo", exact=True).first.click()
    choose(at, "Cómo se unen", "No se cumple ninguna", nth=1)
    choose(at, "Campo", "Cuenta · Sector", nth=1)
    choose(at, "Valor", "Banca", nth=1)
    at.get_by_role("button", name="Añadir tarea").click()
    task = at.get_by_role("region", name="Tarea 1")
    task.locator('[name="tasks[0].name"]').fill("A la lista")
    choose(at, "Lista de segmentación", "twitter")
    task.get_by_label("Espera: días").fill("3")
    story = "Origen de Pre-Contacto es «Twitter» y no (Cuenta · Sector es «Banca»)"
    expect(at.get_by_text(story)).to_be_visible()
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Banca en Twitter")).to_be_visible()
    assert api.calls[-1][2] == {
        "name": "Banca en Twitter",
        "module": "contacts",
        "active": True,
        "trigger": {"on": "save"},
        "condition": {
            "all": [
                {"field": "leadsource", "op": "is", "value": "Twitter"},
                {"not": {"any": [{"field": "account.industry", "op": "is", "value": "Banking"}]}},
            ]
        },
        "tasks": [
            {
                "type": "add_to_segment",
                "name": "A la lista",
                "active": True,
                "params": {"segment_id": "s-twitter"},
                "delay": {"days": 3},
            }
        ],
    }


def test_a_workflow_is_changed_and_its_task_shows_what_was_refused(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/workflows/w-1/edit")
    choose(at, "Cuándo ejecutar", "Al recibir un formulario")
    choose(at, "Formulario", "Pagina de contacto")
    expect(at.get_by_role("link", name="Pagina de contacto")).to_be_visible()
    api.refused = [("tasks[0].params.segment_id", "Esta lista ya no existe."), ("condition.all[0].value", "Falta.")]
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("combobox", name="Lista de segmentación")).to_have_attribute("aria-invalid", "true")
    expect(at.get_by_role("combobox", name="Valor")).to_have_attribute("aria-invalid", "true")
    expect(at.get_by_role("alert")).to_contain_text("Tarea 1 · Lista de segmentación: Esta lista ya no existe.")
    api.refused = []
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()
    assert api.calls[-1] == ("PATCH", "/v1/workflows/w-1", {"trigger": {"on": "form_posted", "form_id": "f-1"}})


def test_a_workflow_waits_for_a_link_and_asks_who_is_linked(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/workflows/w-1/edit")
    at.get_by_role("combobox", name="Cuándo ejecutar").click()
    assert "Al vincularlo con otro registro" not in at.get_by_role("option").all_inner_texts()
    at.goto(f"{server.url}/console/workflows/new")
    at.locator('[name="name"]').fill("Asistentes")
    choose(at, "Módulo", "Campañas")
    choose(at, "Cuándo ejecutar", "Al vincularlo con otro registro")
    choose(at, "Vinculado con", "Contactos")
    condition = at.locator("section, div").filter(has=at.get_by_role("heading", name="Condición")).last
    condition.get_by_role("button", name="Otro tipo de condición").click()
    assert at.get_by_role("menuitem").all_inner_texts() == ["Registros relacionados"]
    at.get_by_role("menuitem", name="Registros relacionados").click()
    expect(at.get_by_text("Contactos: alguno cumple")).to_be_visible()
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Asistentes")).to_be_visible()
    made = api.calls[-1][2]
    assert made["trigger"] == {"on": "relate", "with": "contacts"}
    assert made["condition"] == {"all": [{"related": "contacts", "match": "any"}]}


def test_a_task_that_updates_fields_offers_those_of_its_module(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/workflows/w-1/edit")
    choose(at, "Tipo", "Actualizar campos")
    choose(at, "Añadir un campo", "Descripción")
    at.get_by_label("Descripción", exact=True).fill("De Twitter")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()
    expect(at.get_by_text("Descripción: De Twitter")).to_be_visible()
    (task,) = api.calls[-1][2]["tasks"]
    assert (task["type"], task["params"]) == ("update_fields", {"values": {"description": "De Twitter"}})


def test_a_template_is_saved_to_see_it_and_takes_merge_tags(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/templates/new")
    at.locator("[name=name]").fill("Otoño")
    subject = at.locator("[name=subject]")
    subject.fill("Hola, ")
    choose(at, "Insertar un dato", re.compile("^Nombre"))
    expect(subject).to_have_value("Hola, {{ contact.firstname }}")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Otoño")).to_be_visible()
    mail = at.frame_locator("iframe[title='Vista previa']")
    expect(mail.get_by_role("heading", name="Fruta para la oficina")).to_be_visible()
    assert api.calls[-2][:2] == ("POST", "/v1/templates")
    body = api.calls[-2][2]
    assert (body["subject"], body["mjml"], body["html"]) == ("Hola, {{ contact.firstname }}", "<mjml>Hola</mjml>", None)
    at.locator("[name=mjml]").fill("<mjml>Adiós</mjml>")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_text("Guardado").first).to_be_visible()
    writes = [call for call in api.calls if call[0] == "PATCH"]
    assert writes == [("PATCH", "/v1/templates/new-1", {"mjml": "<mjml>Adiós</mjml>"})]
    at.get_by_role("button", name="Cerrar").click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()


def test_what_a_template_warns_of_is_shown(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/templates/t-1/edit")
    expect(at.get_by_text("«naem» no existe.")).to_be_visible()


def test_an_action_names_its_template(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/actions/new")
    at.locator("[name=name]").fill("Bienvenida 2")
    choose(at, "Plantilla", "2-Column_1-Logo")
    choose(at, "Clase de correo", "Transaccional")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Bienvenida 2")).to_be_visible()
    params = {"template_id": "t-1"}
    assert api.calls[-1][2] == {"name": "Bienvenida 2", "kind": "mail", "class": "transactional", "params": params}


def test_a_scheduled_action_counts_from_a_birthday(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/scheduled-actions/new")
    at.locator("[name=reference]").fill("Una semana antes")
    choose(at, "Acción", "Bienvenida 1")
    choose(at, "Contado desde", "Una fecha del destinatario")
    choose(at, "Campo", re.compile("^Fecha de Nacimiento"))
    choose(at, "Qué fecha cuenta", "Un aniversario concreto")
    at.get_by_label("Aniversario n.º").fill("2")
    at.locator("[name='when.at']").fill("09:30")
    at.get_by_label("Días", exact=True).fill("7")
    at.get_by_text("Antes", exact=True).click()
    expect(at.get_by_text("Fecha de Nacimiento (aniversario n.º 2) − 7 días a las 09:30")).to_be_visible()
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("heading", name="Una semana antes")).to_be_visible()
    assert api.calls[-1][2]["when"] == {
        "on": "field",
        "field": "birthday",
        "count": "nth_anniversary",
        "n": 2,
        "at": "09:30",
        "offset": {"days": -7},
    }


def test_a_plan_holds_scheduled_actions_in_an_order(at: Page, api: FakeApi, server: Server) -> None:
    at.goto(f"{server.url}/console/plans/p-1/edit")
    choose(at, "Añadir una acción programada", "Felicitación de cumpleaños")
    at.get_by_role("button", name="Subir: Felicitación de cumpleaños").click()
    choose(at, "Estado", "Inactivo")
    at.get_by_role("button", name="Guardar").click()
    expect(at.get_by_role("link", name="Editar")).to_be_visible()
    change = {"status": "inactive", "scheduled_actions": ["y-2", "y-1"]}
    assert api.calls[-1] == ("PATCH", "/v1/plans/p-1", change)
