"""What holds for every page: both languages, a phone's width, the keyboard, the rules of WCAG that axe can check."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_api import FakeApi, Server

AXE = Path(__file__).parents[2] / "functions/console/web/node_modules/axe-core/axe.min.js"
PAGES = [
    "records/contacts",
    "records/contacts/c-0",
    "records/contacts/c-0/edit",
    "records/contacts/c-0?tab=timeline",
    "records/campaigns/cam-355?tab=results",
    "records/campaigns/cam-355?tab=sends",
    "records/orchards/new",
    "segments",
    "segments/s-twitter",
    "records/contacts/c-0?tab=memberships",
    "jobs",
    "jobs/j-0",
    "workflows/w-1",
    "workflows/w-1/edit",
    "forms/f-1",
    "forms/f-1/edit",
    "templates/t-1",
    "templates/t-1/edit",
    "scheduled-actions",
    "scheduled-actions/y-2/edit",
    "plans/p-1/edit",
    "plans/p-1",
    "records/contacts/c-0?tab=assignments",
    "assignments?module=contacts&id=c-0",
    "fields/contacts",
    "suppressions",
    "filters?module=contacts",
    "filters/flt-twitter",
    "filters/flt-twitter/edit",
    "users",
    "users?tab=groups",
    "webhooks",
    "deliverability",
    "settings",
    "settings/numbers",
    "settings/deliverability",
    "settings/transports",
    "settings/visibility",
]
SETTLED = "() => !document.querySelector('[role=status]') && document.querySelector('h1')"


def test_the_language_changes_at_once_and_is_remembered(console_page: Page) -> None:
    assert console_page.evaluate("document.documentElement.lang") == "es"
    console_page.get_by_text("en", exact=True).click()
    expect(console_page.get_by_role("heading", name="Campaigns")).to_be_visible()
    expect(console_page.get_by_role("link", name="Segmentation lists")).to_be_visible()
    assert console_page.evaluate("document.documentElement.lang") == "en"
    console_page.reload()
    expect(console_page.get_by_role("heading", name="Campaigns")).to_be_visible()


def test_the_menu_bears_the_names_of_the_source_documents(console_page: Page) -> None:
    menu = console_page.get_by_role("navigation").get_by_role("link")
    assert menu.all_inner_texts() == [
        "Campañas",
        "Acciones de Marketing",
        "Acciones de Mkt Programadas",
        "Planes de Marketing",
        "Asignaciones",
        "Lista de Segmentación",
        "Filtros",
        "Mensajes",
        "Plantillas",
        "Formularios",
        "Flujos de trabajo",
        "Trabajos programados",
        "Lista de supresión",
        "Entregabilidad",
        "Contactos",
        "Cuentas",
        "Pre-contactos",
        "Huertas",
        "Campos",
        "Usuarios y grupos",
        "Webhooks",
        "Ajustes",
    ]


def test_a_list_is_used_by_keyboard_alone(console_page: Page, server: Server) -> None:
    console_page.goto(f"{server.url}/console/records/contacts")
    link = console_page.get_by_role("link", name="CON-000001")
    expect(link).to_be_visible()
    link.focus()
    console_page.keyboard.press("Enter")
    expect(console_page.get_by_role("heading", name="Iker Goñi Etxeberria")).to_be_visible()
    tab = console_page.get_by_role("tab", name="Resumen")
    tab.focus()
    console_page.keyboard.press("ArrowRight")
    expect(console_page.get_by_role("tab", name="Listas")).to_have_attribute("aria-selected", "true")


def test_on_a_phone_nothing_scrolls_sideways_and_the_menu_opens(browser: Browser, server: Server, api: FakeApi) -> None:
    api.send("cam-355")
    page = browser.new_page(locale="es-ES", viewport={"width": 390, "height": 844})
    for path in PAGES:
        page.goto(f"{server.url}/console/{path}")
        page.wait_for_function(SETTLED)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.get_by_role("button", name="Menú").click()
    page.get_by_role("link", name="Contactos", exact=True).click()
    expect(
        page.get_by_role("list", name="Contactos").get_by_role("link", name="Iker Goñi Etxeberria", exact=True)
    ).to_be_visible()
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with the console's packages: make console")
@pytest.mark.parametrize(("width", "pages"), [(1440, PAGES), (390, PAGES[:6])], ids=["wide", "phone"])
def test_every_page_passes_axe(browser: Browser, server: Server, api: FakeApi, width: int, pages: list[str]) -> None:
    api.send("cam-355")
    api.jobs[0]["state"] = "paused"
    context = browser.new_context(
        locale="es-ES", viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for path in pages:
        page.goto(f"{server.url}/console/{path}")
        page.wait_for_function(SETTLED)
        page.add_script_tag(path=AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        result = page.evaluate(f"axe.run({{runOnly: {json.dumps(tags)}, iframes: false}})")
        for violation in result["violations"]:
            nodes = [f"{node['html'][:160]} | {node['failureSummary'][:240]}" for node in violation["nodes"][:3]]
            found.setdefault(path, []).append(f"{violation['id']}: {nodes}")
    context.close()
    assert found == {}
