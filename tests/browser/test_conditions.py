"""Conditions are written with groups, activity and related records, moved by keyboard, and counted as one goes."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_api import FakeApi, Server
from tests.browser.test_editing import choose
from tests.browser.test_import import violations


@pytest.fixture
def panel(console_page: Page, server: Server) -> Locator:
    console_page.goto(f"{server.url}/console/records/contacts")
    console_page.get_by_role("button", name="Filtrar").click()
    expect(console_page.locator("[data-count]")).to_have_text("Lo cumplen 60 registros")
    return console_page.locator("form").filter(has=console_page.locator("[data-count]"))


def filter_of(page: Page) -> Any:
    return json.loads(parse_qs(urlsplit(page.url).query)["filter"][0])


def test_a_nested_filter_is_built_and_the_count_follows(console_page: Page, panel: Locator) -> None:
    page, count = console_page, console_page.locator("[data-count]")
    choose(page, "Campo", "Origen de Pre-Contacto")
    choose(page, "Operador", "es uno de")
    page.get_by_role("combobox", name="Valor").press("ArrowDown")
    page.get_by_role("option", name="Feria").click()
    page.get_by_role("option", name="Twitter").click()
    page.keyboard.press("Escape")
    expect(count).to_have_text("Lo cumplen 36 registros")
    panel.get_by_role("button", name="Otro tipo de condición").click()
    page.get_by_role("menuitem", name="Actividad").click()
    expect(count).to_have_text("Lo cumplen 6 registros")
    panel.get_by_role("button", name="Grupo", exact=True).click()
    inner = panel.get_by_role("group", name="Grupo de condiciones").nth(1)
    inner.get_by_role("button", name="Otro tipo de condición").click()
    page.get_by_role("menuitem", name="Registros relacionados").click()
    inner.get_by_role("combobox", name="Cuántas veces").click()
    page.get_by_role("option", name="ninguno cumple").click()
    where = inner.get_by_role("group", name="Grupo de condiciones")
    where.get_by_role("button", name="Condición", exact=True).click()
    where.get_by_role("combobox", name="Campo").click()
    assert "Última URL Visitada" not in page.get_by_role("option").all_inner_texts()
    page.get_by_role("option", name="Estado").click()
    where.get_by_role("combobox", name="Valor").click()
    page.get_by_role("option", name="Entregado").click()
    # The blank row that the group began with is in nobody's way.
    expect(count).to_have_text("Lo cumplen 4 registros")
    assert violations(page) == []
    panel.get_by_role("button", name="Aplicar").click()
    expect(page.get_by_text("Mensajes: ninguno cumple (Estado es «Entregado»)")).to_be_visible()
    assert filter_of(page) == {
        "all": [
            {"field": "leadsource", "op": "is_one_of", "value": ["Trade Show", "Twitter"]},
            {"activity": "opened", "times": {"at_least": 1}},
            {
                "any": [
                    {
                        "related": "messages",
                        "match": "none",
                        "where": {"all": [{"field": "status", "op": "is", "value": "delivered"}]},
                    }
                ]
            },
        ]
    }


def test_what_somebody_did_is_narrowed_down_by_campaign_window_and_url(console_page: Page, panel: Locator) -> None:
    page = console_page
    panel.get_by_role("button", name="Quitar condición").click()
    panel.get_by_role("button", name="Otro tipo de condición").click()
    page.get_by_role("menuitem", name="Actividad").click()
    choose(page, "Actividad", "ha hecho clic en un mensaje")
    choose(page, "Cuántas veces", "entre (veces)")
    panel.get_by_role("textbox", name="como mucho (veces)").fill("3")
    for detail in ("en los últimos (días)", "cuya URL", "de un mensaje que cumple"):
        panel.get_by_role("button", name="Detalle").click()
        page.get_by_role("menuitem", name=detail).click()
    panel.get_by_role("textbox", name="en los últimos (días)").fill("30")
    panel.get_by_role("textbox", name="Valor").fill("/oferta")
    message = panel.get_by_role("group", name="Grupo de condiciones").nth(1)
    message.get_by_role("button", name="Condición", exact=True).click()
    message.get_by_role("combobox", name="Campo").click()
    page.get_by_role("option", name="Abierto").click()
    message.get_by_role("textbox", name="Valor").fill("0")
    panel.get_by_role("button", name="Otro tipo de condición").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Miembro").click()
    choose(page, "Está o no está", "no está en la lista")
    choose(page, "Lista de segmentación", "Twitter")
    panel.get_by_role("button", name="Aplicar").click()
    clicked, member = filter_of(page)["all"]
    assert clicked == {
        "activity": "clicked",
        "times": {"at_least": 1, "at_most": 3},
        "within_days": 30,
        "url": {"op": "contains", "value": "/oferta"},
        "where": {"all": [{"field": "opened", "op": "is", "value": 0}]},
    }
    assert member == {"segment": "s-twitter", "op": "is_not_member"}
    expect(page.get_by_text("no está en la lista «Twitter»")).to_be_visible()


def test_parts_are_made_moved_and_removed_without_a_mouse(console_page: Page, panel: Locator) -> None:
    key = console_page.keyboard
    panel.get_by_role("combobox", name="Campo").focus()
    key.press("Control+A")
    key.type("Email")
    key.press("ArrowDown")
    key.press("Enter")
    key.press("Tab")
    key.press("Tab")
    key.type("a@b.example")
    panel.get_by_role("button", name="Grupo", exact=True).focus()
    key.press("Enter")
    expect(panel.locator("[data-part='condition.all[1].any[0]']")).to_be_visible()
    # The new group is where one goes on.
    expect(panel.get_by_role("combobox", name="Cómo se unen").nth(1)).to_be_focused()
    panel.get_by_role("textbox", name="Valor").first.focus()
    key.press("Alt+ArrowDown")
    parts = panel.locator("[data-part]")
    expect(parts).to_have_count(3)
    assert [each.get_attribute("data-part") for each in parts.all()] == [
        "condition.all[0]",
        "condition.all[0].any[0]",
        "condition.all[0].any[1]",
    ]
    # The arrow that moved it has the focus: again, and once more, and it leaves the group by its bottom.
    expect(panel.get_by_role("textbox", name="Valor").first).to_have_value("a@b.example")
    key.press("Enter")
    expect(panel.get_by_role("textbox", name="Valor").last).to_have_value("a@b.example")
    key.press("Enter")
    expect(panel.locator("[data-part='condition.all[1]']")).to_be_visible()
    expect(panel.get_by_role("textbox", name="Valor").last).to_have_value("a@b.example")
    assert [each.get_attribute("data-part") for each in parts.all()] == [
        "condition.all[0]",
        "condition.all[0].any[0]",
        "condition.all[1]",
    ]
    panel.get_by_role("button", name="Quitar grupo").focus()
    key.press("Enter")
    expect(parts).to_have_count(1)
    expect(panel.get_by_role("button", name="Condición", exact=True)).to_be_focused()
    expect(console_page.locator("[data-count]")).to_have_text("Lo cumplen 0 registros")


def test_a_refusal_stands_at_its_row_though_rows_before_it_are_blank(
    console_page: Page, panel: Locator, api: FakeApi
) -> None:
    panel.get_by_role("button", name="Condición", exact=True).click()
    # The first row is blank and is not sent: what the API calls the first is the second here.
    api.uncountable = [("condition.all[0].value", "El patrón no se entiende.")]
    panel.get_by_role("textbox", name="Valor").nth(1).fill("(")
    refused = panel.get_by_role("textbox", name="Valor").nth(1)
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(panel.get_by_text("El patrón no se entiende.")).to_be_visible()
    expect(panel.get_by_role("textbox", name="Valor").first).not_to_have_attribute("aria-invalid", "true")
    api.uncountable = []
    refused.fill("x")
    expect(console_page.locator("[data-count]")).to_have_text("Lo cumplen 0 registros")


def test_a_late_answer_to_an_earlier_question_is_not_shown(console_page: Page, panel: Locator, api: FakeApi) -> None:
    count = console_page.locator("[data-count]")
    choose(console_page, "Campo", "Origen de Pre-Contacto")
    api.slow = [1.5]
    with console_page.expect_request("**/v1/filters/count"):
        choose(console_page, "Valor", "Feria")
    with console_page.expect_response("**/v1/filters/count") as late:
        choose(console_page, "Valor", "Twitter")
        expect(count).to_have_text("Lo cumplen 24 registros")
        shown = count.inner_text()
    late.value.finished()
    console_page.wait_for_timeout(1_300)
    assert count.inner_text() == shown


def test_the_value_before_is_asked_about_only_where_something_has_just_changed(
    console_page: Page, server: Server, panel: Locator
) -> None:
    page = console_page
    choose(page, "Campo", "Apellidos")
    page.get_by_role("combobox", name="Operador").click()
    assert "ha cambiado" not in page.get_by_role("option").all_inner_texts()
    page.goto(f"{server.url}/console/workflows/w-1/edit")
    page.get_by_role("combobox", name="Operador").first.click()
    expect(page.get_by_role("option", name="ha cambiado")).to_be_visible()


def test_a_list_is_narrowed_by_a_saved_filter_and_what_is_asked_is_kept(
    console_page: Page, panel: Locator, api: FakeApi
) -> None:
    page = console_page
    choose(page, "Filtro guardado", "De Twitter")
    expect(page.get_by_text("24 registros")).to_be_visible()
    expect(page.get_by_role("combobox", name="Filtro guardado")).to_have_value("De Twitter")
    page.get_by_role("button", name="Filtrar").click()
    choose(page, "Valor", "Feria")
    page.get_by_role("button", name="Guardar como filtro").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nombre").fill("De la feria")
    dialog.get_by_role("button", name="Guardar", exact=True).click()
    expect(dialog).to_be_hidden()
    condition = {"all": [{"field": "leadsource", "op": "is", "value": "Trade Show"}]}
    sent = {"name": "De la feria", "module": "contacts", "condition": condition}
    assert api.calls[-1] == ("POST", "/v1/filters", sent)
    expect(page.get_by_role("combobox", name="Filtro guardado")).to_have_value("De la feria")


def test_a_condition_says_that_it_is_full_before_the_api_does(console_page: Page, server: Server, api: FakeApi) -> None:
    page = console_page
    limits = api.meta["conditions"]["limits"]
    api.meta["conditions"]["limits"] = {**limits, "leaves": 3, "around": 1, "depth": 3}
    page.goto(f"{server.url}/console/records/contacts")
    page.get_by_role("button", name="Filtrar").click()
    group = page.get_by_role("button", name="Grupo", exact=True)
    group.click()
    expect(group.nth(0)).to_be_disabled()
    expect(page.get_by_text("No se puede anidar más: 3 niveles como mucho.")).to_be_visible()
    page.get_by_role("button", name="Otro tipo de condición").last.click()
    page.get_by_role("menuitem", name="Actividad").click()
    expect(page.get_by_text("No caben más condiciones: 3 como mucho.").first).to_be_visible()
    for word in ("Condición", "Grupo"):
        expect(page.get_by_role("button", name=word, exact=True).last).to_be_disabled()
    page.get_by_role("button", name="Quitar condición").first.click()
    expect(page.get_by_text("No caben más preguntas sobre otros registros").first).to_be_visible()
    page.get_by_role("button", name="Aplicar").click()
    page.wait_for_url("**filter=**")
    assert filter_of(page) == {"all": [{"activity": "opened", "times": {"at_least": 1}}]}
