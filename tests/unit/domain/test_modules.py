"""The declaration of the modules is whole: everything it names is there, in both languages."""

import pytest

from gotero.domain.errors import NotFoundError
from gotero.domain.modules import FIELD_TYPES, MODULES, RECIPIENTS, SYSTEM_FIELDS, Field, Label, Module, module, title
from tests.unit.domain.condition_world import a_field

ALL = list(MODULES.values())
BY_ID = pytest.mark.parametrize("declared", ALL, ids=lambda m: m.id)

#: The form of the source documents, to the letter (FIELDS.md).
CONTACT_FORM = {
    "salutationtype": "Saludo",
    "firstname": "Nombre",
    "phone": "Tel. Empresa",
    "lastname": "Apellidos",
    "mobile": "Tel. Móvil",
    "homephone": "Tel. Particular",
    "leadsource": "Origen de Pre-Contacto",
    "otherphone": "Tel. Directo",
    "title": "Cargo",
    "fax": "Fax",
    "department": "Departamento",
    "birthday": "Fecha de Nacimiento",
    "email": "Email",
    "assistant": "Secretaria",
    "secondaryemail": "Email Secundario",
}


#: The other screens of the source documents, and what the design adds: labels to the letter where a screen shows one.
SHOWN = {
    "contacts": {"account": "Cuenta", "city": "Población", "region": "Región"},
    "campaigns": {
        "name": "Nombre de Campaña",
        "status": "Situación de Campaña",
        "type": "Tipo de Campaña",
        "product": "Producto",
        "audience": "Público Objetivo",
        "expected_close": "Fecha Estimada de Fin",
        "sponsor": "Patrocinador",
        "target_size": "Cantidad Objetivo",
        "sent_percent": "Número de Envíos (%)",
        "expected_cost": "Coste Estimado",
        "actual_cost": "Coste Real",
        "expected_response": "Respuesta Estimada",
        "expected_revenue": "Beneficio Estimado",
        "expected_sales": "Estimación de Ventas",
        "actual_sales": "Ventas",
        "expected_responses": "Estimación de Respuestas",
        "actual_responses": "Respuestas",
        "expected_roi": "Estimación de ROI",
        "actual_roi": "Retorno de Inversión",
        "description": "Descripción",
    },
    "messages": {
        "name": "Nombre Mensaje",
        "status": "Estado",
        "clicked": "Se ha hecho CLICK",
        "account": "Cuentas",
        "last_url": "Última URL Visitada",
        "contact": "Contacto",
        "bounced": "Rebotado (Bounce)",
        "lead": "PreContacto",
        "spam": "Spam",
        "campaign": "Campaña",
        "dropped": "Descartado (Dropped)",
        "template": "Plantilla Email",
        "delivered": "Entregado",
        "no_email": "No Tiene Email",
        "opened": "Abierto",
        "last_event_at": "Fecha último evento",
        "unsubscribed": "Dar de baja",
        "type": "Tipo Mensaje",
        "description": "Descripción",
    },
}
SYSTEM = {"number", "owner", "created_at", "updated_at", "created_by", "tags"}
PERSON = ("gender", "conversion_stage", "time_zone", "language", "preferred_channel", "original_leadsource", "birthday")
#: Whose records a campaign's page lists (FIELDS.md); messages and tasks among them.
OF_A_CAMPAIGN = {"opportunities", "followups", "messages", "payments", "time_and_material", "events"}


@pytest.mark.parametrize("id", SHOWN)
def test_the_fields_of_the_screens_are_there_under_their_words(id: str) -> None:
    fields = {name: module(id).field(name) for name in SHOWN[id]}
    assert {name: field.label.es for name, field in fields.items() if field} == SHOWN[id]


def test_people_have_what_flows_choose_by() -> None:
    for id in ("contacts", "leads"):
        assert [name for name in PERSON if module(id).field(name) is None] == []
    stages = module("contacts").field("conversion_stage")
    assert stages
    assert {"Lead", "Customer", "Post-sale"} <= stages.option_values


def test_everything_has_a_number_an_owner_tags_and_its_dates() -> None:
    assert {f.id for f in SYSTEM_FIELDS} == SYSTEM


def test_many_to_many_is_said_once_and_true_on_both_sides() -> None:
    linked = {(m.id, r.module) for m in ALL for r in m.related if r.linked}
    assert {("campaigns", "contacts"), ("campaigns", "leads"), ("campaigns", "accounts")} <= linked
    assert {("products", "contacts"), ("products", "leads"), ("products", "accounts")} <= linked
    assert linked == {(other, one) for one, other in linked}
    # A page has one list of each module: what points there and what is linked are never the same one.
    assert linked & {(m.id, r.module) for m in ALL for r in m.related if not r.linked} == set()
    assert module("contacts").linked_with("campaigns")
    assert not module("contacts").linked_with("invoices")


def test_a_campaign_has_its_related_lists() -> None:
    assert {related.module for related in module("campaigns").related} >= OF_A_CAMPAIGN


def test_the_modules_of_the_product_are_declared() -> None:
    assert set(MODULES) == {
        "contacts",
        "accounts",
        "leads",
        "campaigns",
        "messages",
        "followups",
        "opportunities",
        "events",
        "invoices",
        "products",
        "payments",
        "time_and_material",
    }
    assert set(RECIPIENTS) == {"contacts", "accounts", "leads"}


@BY_ID
def test_everything_a_module_names_is_one_of_its_columns(declared: Module) -> None:
    named = [*declared.title_fields, *declared.list_columns, *declared.search_fields]
    assert [id for id in named if declared.column(id) is None] == []


@BY_ID
def test_every_field_stands_in_exactly_one_section(declared: Module) -> None:
    shown = [id for section in declared.sections for id in section.fields]
    # The template's id is for programs; the screen shows the name.
    hidden = {"template_id"} if declared.id == "messages" else set()
    assert sorted(shown) == sorted({f.id for f in declared.fields} - hidden)


@BY_ID
def test_field_ids_are_unique_and_none_hides_a_column_of_every_record(declared: Module) -> None:
    ids = [f.id for f in declared.fields]
    assert len(ids) == len(set(ids))
    assert not {f.id for f in SYSTEM_FIELDS} & set(ids)


@BY_ID
def test_every_field_is_complete(declared: Module) -> None:
    for field in declared.fields:
        assert field.type in FIELD_TYPES
        assert field.label.es
        assert field.label.en
        assert bool(field.options) == (field.type in ("picklist", "multipicklist")), field.id
        assert len(field.option_values) == len(field.options)
        assert (field.relation in MODULES) == (field.type == "relation"), field.id


def test_contacts_carry_the_fields_and_words_of_the_source_form() -> None:
    contacts = module("contacts")
    shown = {id: field.label.es for id in CONTACT_FORM if (field := contacts.field(id))}
    assert shown == CONTACT_FORM
    assert [f.id for f in contacts.fields if f.required] == ["lastname"]


def test_origins_are_stored_under_their_english_keys() -> None:
    origin = module("contacts").field("leadsource")
    assert origin
    assert {option.value: option.label.es for option in origin.options} == {
        "Cold Call": "Llamada",
        "Existing Customer": "Cliente",
        "Self Generated": "Autogenerada",
        "Employee": "Trabajador",
        "Partner": "Socio",
        "Public Relations": "Relaciones Públicas",
        "Direct Mail": "Mailing",
        "Conference": "Conferencia",
        "Trade Show": "Feria",
        "Web Site": "Web",
        "Word of mouth": "Boca a boca",
        "Twitter": "Twitter",
        "Other": "Otros",
    }


def test_an_address_is_unique_among_contacts_and_among_leads() -> None:
    assert [(m.id, f.id) for m in ALL for f in m.fields if f.unique] == [
        ("contacts", "email"),
        ("leads", "email"),
        ("products", "code"),
    ]


def test_nobody_writes_messages_by_hand() -> None:
    messages = module("messages")
    assert messages.capabilities == frozenset()
    assert all(field.readonly for field in messages.fields)


@pytest.mark.parametrize(("id", "number", "text"), [("contacts", 7, "CON-7"), ("campaigns", 355, "CAM355")])
def test_visible_numbers_are_short_where_no_padding_is_asked(id: str, number: int, text: str) -> None:
    assert module(id).numbering.text(number) == text


def test_message_numbers_are_padded() -> None:
    assert module("messages").numbering.text(7) == "MSG-000007"
    assert module("messages").numbering.text(12345678) == "MSG-12345678"


def test_related_modules_follow_from_the_relations() -> None:
    related = {r.module: r.field for r in module("accounts").related}
    assert related["contacts"] == "account"
    assert related["messages"] == "account"
    assert module("messages").related == ()


def test_a_record_is_called_by_its_title_fields_else_by_what_it_is_searched_by() -> None:
    contacts = module("contacts")
    assert title(contacts, {"firstname": "Iker", "lastname": "Goñi Etxeberria"}) == "Iker Goñi Etxeberria"
    assert title(contacts, {"email": "a@b.example"}) == "a@b.example"
    assert title(contacts, {}) == ""


def test_a_further_field_needs_nothing_but_its_declaration() -> None:
    shoe_size: Field = a_field("shoe_size", "integer")
    widened = module("contacts").with_fields([shoe_size])
    assert widened.field("shoe_size") is shoe_size
    assert module("contacts").field("shoe_size") is None


@pytest.mark.parametrize("id", ["", "contact", "__class__", "Contacts"])
def test_an_unknown_module_is_not_found(id: str) -> None:
    with pytest.raises(NotFoundError):
        module(id)


def test_labels_go_out_in_both_languages() -> None:
    assert Label("Cuenta", "Account").to_json() == {"es": "Cuenta", "en": "Account"}
