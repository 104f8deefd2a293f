"""The pages of the mailbox, rendered from the templates beside this file, in Spanish or English."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from infra.local.outbox import Mail

TEXTS = {
    "es": {
        "mailbox": "Buzón",
        "about": "Correos que SES ha recibido para enviar. Ninguno sale de este ordenador.",
        "search": "Buscar por dirección o asunto",
        "empty": "Aquí aparecerá el primer correo.",
        "clock": "Reloj local",
        "sent": "Enviado",
        "from": "De",
        "to": "Para",
        "cc": "Copia",
        "reply_to": "Responder a",
        "subject": "Asunto",
        "attachments": "Adjuntos",
        "html": "HTML",
        "text": "Texto",
        "headers": "Cabeceras",
        "events": "Qué ha pasado",
        "none": "Nada todavía",
        "back": "Todos los correos",
        "bounce_hard": "Rebote definitivo",
        "bounce_soft": "Rebote temporal",
        "complaint": "Marcar como spam",
        "delay": "Retraso",
        "unsubscribe": "Baja en un clic",
        "unsubscribe_mail": "Baja por correo",
        "done": "Hecho",
        "opens": "Ver el HTML carga sus imágenes: cuenta como apertura.",
        "other": "English",
    },
    "en": {
        "mailbox": "Mailbox",
        "about": "Mails that SES was handed. None of them leaves this computer.",
        "search": "Search by address or subject",
        "empty": "The first mail will appear here.",
        "clock": "Local clock",
        "sent": "Sent",
        "from": "From",
        "to": "To",
        "cc": "Cc",
        "reply_to": "Reply to",
        "subject": "Subject",
        "attachments": "Attachments",
        "html": "HTML",
        "text": "Text",
        "headers": "Headers",
        "events": "What happened",
        "none": "Nothing yet",
        "back": "All mails",
        "bounce_hard": "Hard bounce",
        "bounce_soft": "Soft bounce",
        "complaint": "Mark as spam",
        "delay": "Delay",
        "unsubscribe": "One-click unsubscribe",
        "unsubscribe_mail": "Unsubscribe by mail",
        "done": "Done",
        "opens": "Viewing the HTML loads its images: it counts as an open.",
        "other": "Español",
    },
}
EVENTS = {
    "es": {
        "Send": "Aceptado",
        "Delivery": "Entregado",
        "DeliveryDelay": "Retrasado",
        "PermanentBounce": "Rebote definitivo",
        "TransientBounce": "Rebote temporal",
        "Complaint": "Spam",
        "Received": "Baja por correo",
        "Reject": "Rechazado",
        "Rendering Failure": "Error de contenido",
    },
    "en": {
        "Send": "Accepted",
        "Delivery": "Delivered",
        "DeliveryDelay": "Delayed",
        "PermanentBounce": "Hard bounce",
        "TransientBounce": "Soft bounce",
        "Complaint": "Spam",
        "Received": "Unsubscribed by mail",
        "Reject": "Rejected",
        "Rendering Failure": "Rendering failure",
    },
}
TONES = {"Delivery": "good", "PermanentBounce": "bad", "Complaint": "bad", "TransientBounce": "warn"}


class Pages:
    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def inbox(self, mails: list[Mail], query: dict[str, str], language: str, now: str) -> str:
        return self._render("inbox.html", language, mails=mails, wanted=query.get("q", ""), now=_readable(now))

    def mail(self, mail: Mail, by_click: str | None, by_mail: str | None, query: dict[str, str], language: str) -> str:
        view = query.get("view", "html" if mail["html"] else "text")
        ways = {"unsubscribe": by_click, "unsubscribe_mail": by_mail}
        return self._render("mail.html", language, mail=mail, view=view, done="done" in query, **ways)

    def _render(self, name: str, language: str, **values: object) -> str:
        other = "en" if language == "es" else "es"
        template = self._templates.get_template(name)
        texts = {"t": TEXTS[language], "event_names": EVENTS[language], "lang": language, "other": other}
        return template.render(**texts, tone=TONES, readable=_readable, **values)


def _readable(instant: str) -> str:
    return instant[:16].replace("T", " ") + " UTC"
