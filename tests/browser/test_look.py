"""What holds for every page: both languages, a phone's width, the keyboard, the rules of WCAG that axe can check."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_api import FakeApi, Server

AXE = Path(__file__).parents[2] / "functions/console/web/node_modules/axe-core/axe.min.js"
PAGES = [
    "records/contacts",
    "records/contacts?letter=R&group=leadsource",
    "records/contacts?search=zzz",
    "records/contacts/c-0",
    "records/contacts/c-0/edit",
    "records/contacts/new",
    "records/contacts/c-0?tab=timeline",
    "records/contacts/c-0?tab=messages",
    "records/contacts/c-0?tab=memberships",
    "records/contacts/c-0?tab=assignments",
    "records/contacts/c-0/merge?with=c-1",
    "records/contacts/import",
    "bin/contacts",
    "records/campaigns/cam-355",
    "records/campaigns/cam-355?tab=results",
    "records/campaigns/cam-355?tab=sends",
    "records/campaigns/cam-355?tab=contacts",
    "records/messages",
    "records/messages/m-2",
    "records/orchards/new",
    "segments",
    "segments/s-twitter",
    "segments/s-prueba?tab=leads",
    "jobs",
    "jobs/j-0",
    "open-questions",
    "workflows",
    "workflows/new",
    "workflows/w-1",
    "workflows/w-1/edit",
    "forms",
    "forms/f-1",
    "forms/f-1/edit",
    "templates",
    "templates/t-1",
    "templates/t-1/edit",
    "documents",
    "documents/d-1",
    "documents/new",
    "document-templates/dt-1",
    "document-templates/dt-1/edit",
    "actions",
    "actions/x-1",
    "actions/x-1/edit",
    "scheduled-actions",
    "scheduled-actions/y-2/edit",
    "plans",
    "plans/p-1/edit",
    "plans/p-1",
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
    "nowhere",
]
SETTLED = "() => !document.querySelector('[role=status]') && document.querySelector('h1')"
#: A new address without a new start: what is looked at is the page, not how the console wakes up.
GO = "path => { history.pushState(null, '', '/console/' + path); dispatchEvent(new PopStateEvent('popstate')) }"
#: The page that is there is still drawn while the code of the next arrives: it is marked, and gone with its mark.
MARK = "() => { document.querySelector('h1').dataset.left = '' }"
ARRIVED = "() => !document.querySelector('[data-left], [role=status]') && document.querySelector('h1')"
#: The menu and the head are the same on every page, and looked at once; colours are the same in both languages.
LOOK = """async ([whole, colours]) => {
    const rules = { 'color-contrast': { enabled: colours } }
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const options = { runOnly, rules, iframes: false, resultTypes: ['violations'] }
    const { violations } = await axe.run(whole ? document : document.querySelector('main'), options)
    return violations.map(({ id, nodes }) =>
        `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} | ${node.failureSummary}`).join(' ; ')}`)
}"""
#: A word that no catalogue has is drawn as its key.
KEYS = r"""() => {
    const groups = 'action|bin|condition|document|editor|empty|list|nav|options|property|record|segment|user|why|word'
    const more = 'assignment|decide|deliverability|doctor|form|job|message|results|send|suppression|template|unit'
    const key = new RegExp(`^(${groups}|${more})\\.[\\w.-]+$`)
    return document.querySelector('main').innerText.split('\n').filter((line) => key.test(line))
}"""
#: So high that what sticks to the foot of the window stands below everything, and halves no target of axe's.
WIDE, PHONE = {"width": 1440, "height": 3000}, {"width": 390, "height": 6000}


def test_the_language_changes_at_once_and_is_remembered(console_page: Page) -> None:
    assert console_page.evaluate("document.documentElement.lang") == "es"
    console_page.get_by_text("en", exact=True).click()
    expect(console_page.get_by_role("heading", name="Campaigns")).to_be_visible()
    expect(console_page.get_by_role("link", name="Segments")).to_be_visible()
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
        "Documentos",
        "Plantillas de documento",
        "Formularios",
        "Flujos de trabajo",
        "Trabajos programados",
        "Correos por decidir",
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


@pytest.fixture(scope="module")
def looked_at(browser: Browser, server: Server) -> Iterator[Page]:
    """One page for all of them, with axe in it."""
    context = browser.new_context(locale="es-ES", bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.goto(f"{server.url}/console/nowhere")
    page.wait_for_function(SETTLED)
    yield page
    context.close()


def speak(page: Page, language: str) -> None:
    page.evaluate(
        "language => [...document.querySelectorAll('header input[type=radio]')]"
        ".find(({ value }) => value === language).click()",
        language,
    )
    page.wait_for_function("language => document.documentElement.lang === language", arg=language)


def go(page: Page, path: str) -> None:
    """By way of a page that is like no other, so that nothing of the one before is taken for this one."""
    for step in ("nowhere", path):
        if not page.url.endswith(f"/{step}"):
            page.evaluate(MARK)
            page.evaluate(GO, step)
            page.wait_for_function(ARRIVED)


def seen(page: Page, path: str, language: str, viewport: dict[str, int]) -> list[str]:
    """What is wrong with a page in a language and a width."""
    wide = viewport is WIDE
    wrong: list[Any] = page.evaluate(LOOK, [path == PAGES[0], language == "es"])
    wrong += [f"without a word: {key}" for key in page.evaluate(KEYS)]
    if (width := page.evaluate("document.documentElement.scrollWidth")) > viewport["width"]:
        wrong.append(f"{width} px wide")
    return [f"{language} {'wide' if wide else 'phone'}: {each}" for each in wrong]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with the console's packages: make console")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_both_languages_wide_and_on_a_phone(looked_at: Page, server: Server, api: FakeApi, path: str) -> None:
    api.send("cam-355")
    api.jobs[0]["state"] = "paused"
    page = looked_at
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a dict of two whole numbers
    go(page, path)
    wrong = []
    for viewport in (WIDE, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for language in ("en", "es"):
            speak(page, language)
            page.wait_for_function(SETTLED)
            wrong += seen(page, path, language, viewport)
    assert wrong == [], "\n".join(wrong)


def test_on_a_phone_the_menu_opens(browser: Browser, server: Server, api: FakeApi) -> None:
    page = browser.new_page(locale="es-ES", viewport=PHONE)  # type: ignore[arg-type]
    page.goto(f"{server.url}/console/records/campaigns")
    page.get_by_role("button", name="Menú").click()
    page.get_by_role("link", name="Contactos", exact=True).click()
    expect(
        page.get_by_role("list", name="Contactos").get_by_role("link", name="Iker Goñi Etxeberria", exact=True)
    ).to_be_visible()
    page.close()
