"""What the marketer of Huerta Turia writes: templates, the form, workflows and drips, as the API takes them."""

from typing import Any

Json = dict[str, Any]

FORM = "Pagina de contacto"
FOLLOW_US = "https://twitter.com/huertaturia"
SHOP = "https://huertaturia.example/cestas"
#: An orange, so that the logo shows without any server behind it.
LOGO = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA0OCA0OCI+PGNpcmNs"
    "ZSBjeD0iMjQiIGN5PSIyNyIgcj0iMTkiIGZpbGw9IiNmMDg4MWEiLz48cGF0aCBkPSJNMjQgOWMxLTYgNi04IDExLTgtMSA2LTUgOS0xMSA4eiIgZm"
    "lsbD0iIzNmOGYzYSIvPjwvc3ZnPg=="
)

_HEAD = (
    '<mj-head><mj-attributes><mj-all font-family="Georgia, serif" /><mj-text font-size="16px" line-height="24px" '
    'color="#2d2a26" /><mj-button background-color="#c2560a" border-radius="6px" /></mj-attributes></mj-head>'
)


def letter(*paragraphs: str, button: str = "") -> str:
    """A mail of one column."""
    texts = "".join(f"<mj-text>{paragraph}</mj-text>" for paragraph in paragraphs)
    return (
        f'<mjml>{_HEAD}<mj-body background-color="#faf6ef"><mj-section background-color="#ffffff"><mj-column>'
        f"{texts}{button}</mj-column></mj-section></mj-body></mjml>"
    )


_GREETING = "Hola, {{ firstname|default('amiga, amigo') }}:"
SHOP_BUTTON = f'<mj-button href="{SHOP}">Ver las cestas</mj-button>'

TWO_COLUMNS: Json = {
    "name": "2-Column_1-Logo",
    "subject": "{{ firstname|default('Hola') }}, esta semana hay naranjas nuevas",
    "class": "marketing",
    "mjml": f"""<mjml>{_HEAD}
<mj-body background-color="#faf6ef">
  <mj-section background-color="#ffffff" padding-bottom="0">
    <mj-column><mj-image src="{LOGO}" alt="Huerta Turia" width="64px" href="{SHOP}" /></mj-column>
  </mj-section>
  <mj-section background-color="#ffffff">
    <mj-column>
      <mj-text font-size="22px" line-height="28px">Hola, {{{{ firstname|default('amiga, amigo') }}}}</mj-text>
      <mj-text>Hemos abierto la temporada: la primera caja de naranjas sale el lunes hacia
        {{{{ city|default('tu oficina') }}}}.</mj-text>
      <mj-button href="{SHOP}">Ver las cestas</mj-button>
    </mj-column>
    <mj-column>
      <mj-text font-size="22px" line-height="28px">¿Nos vemos fuera?</mj-text>
      <mj-text>Contamos la huerta día a día.</mj-text>
      <mj-text><a href="{FOLLOW_US}">follow on Twitter</a></mj-text>
    </mj-column>
  </mj-section>
</mj-body></mjml>""",
}

AUTO_REPLY: Json = {
    "name": "Respuesta automática",
    "subject": "Hemos recibido tu mensaje, {{ contact.firstname|default('hola') }}",
    "class": "marketing",
    "mjml": letter(
        _GREETING,
        "Gracias por escribirnos. {{ owner.name|default('Una persona del equipo') }} te llamará mañana por la mañana.",
        button=SHOP_BUTTON,
    ),
}

#: Days after the assignment -> the mail.
WELCOME: dict[int, Json] = {
    0: {
        "name": "Bienvenida 1",
        "subject": "Bienvenida a la huerta",
        "mjml": letter(_GREETING, "Estas son las manos que recogen tu fruta.", button=SHOP_BUTTON),
    },
    10: {
        "name": "Bienvenida 2",
        "subject": "¿Qué fruta toca este mes?",
        "mjml": letter(_GREETING, "Naranjas, caquis y las primeras mandarinas.", button=SHOP_BUTTON),
    },
    40: {
        "name": "Bienvenida 3",
        "subject": "Tu primera cesta, a mitad de precio",
        "mjml": letter(_GREETING, "Con este correo, la primera cesta vale la mitad.", button=SHOP_BUTTON),
    },
}
BIRTHDAY: Json = {
    "name": "Felicidades",
    "subject": "Felicidades, {{ firstname|default('hoy es tu día') }}",
    "mjml": letter(_GREETING, "Que cumplas muchos más. Hoy la fruta la ponemos nosotros."),
}
NEW_YEAR: Json = {
    "name": "Feliz año",
    "subject": "Feliz año nuevo desde Valencia",
    "mjml": letter(_GREETING, "Que el año nuevo te traiga fruta dulce y poca prisa."),
}


def capture_workflow(segment: str) -> Json:
    """S1's use case 1."""
    return {
        "name": "Añadir contacto a la lista twitter",
        "module": "contacts",
        "active": True,
        "trigger": {"on": "save"},
        "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]},
        "tasks": [
            {"type": "add_to_segment", "name": "Añadir a Lista Twitter", "params": {"segment_id": segment}},
        ],
    }


def auto_reply_workflow(form: str, template: str) -> Json:
    return {
        "name": "Respuesta automática",
        "module": "contacts",
        "active": True,
        "trigger": {"on": "form_posted", "form_id": form},
        "tasks": [{"type": "send_mail", "name": "Responder", "params": {"template_id": template}}],
    }


def click_workflow(segment: str) -> Json:
    """S1's use case 3: both conditions look at the same message; the task acts on the message's contact."""
    return {
        "name": "Twitter",
        "module": "messages",
        "active": True,
        "trigger": {"on": "save"},
        "condition": {
            "all": [
                {"field": "clicked", "op": "greater_than", "value": 0},
                {"field": "last_url", "op": "contains", "value": "twitter"},
            ]
        },
        "tasks": [
            {
                "type": "add_to_segment",
                "name": "Poner el contacto en twitter",
                "params": {"segment_id": segment, "target": "contact"},
            }
        ],
    }


def welcome_workflow(scheduled_actions: list[str]) -> Json:
    """One task that assigns all three."""
    return {
        "name": "Bienvenida a quien llega recomendado",
        "module": "contacts",
        "active": True,
        "trigger": {"on": "create"},
        "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Word of mouth"}]},
        "tasks": [
            {"type": "assign", "name": "Las tres bienvenidas", "params": {"scheduled_action_ids": scheduled_actions}}
        ],
    }


def contact_form(owner: str, return_url: str, domains: list[str]) -> Json:
    """S1's use case 2."""
    return {
        "name": FORM,
        "module": "contacts",
        "owner": owner,
        "return_url": return_url,
        "allowed_domains": domains,
        "fields": [
            {"field": "firstname"},
            {"field": "lastname", "required": True},
            {"field": "email"},
            {"field": "leadsource", "imposed": "Twitter"},
        ],
    }


def after(days: int) -> Json:
    """The instant so many days after the assignment."""
    return {"on": "assignment", "offset": {"days": days}}


NEXT_BIRTHDAY: Json = {"on": "field", "field": "birthday", "count": "next_anniversary", "at": "09:00"}
DAY_OF_BIRTH: Json = {"on": "field", "field": "birthday", "count": "as_is", "at": "09:00"}


def on_new_year(year: int) -> Json:
    return {"on": "date", "date": f"{year}-01-01", "at": "09:00"}
