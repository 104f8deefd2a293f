"""What the public pages say, and what is added to mails."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "mail_unsubscribe": "Darse de baja",
        "not_found_title": "Este enlace no es válido",
        "not_found_text": "Puede que esté incompleto. Prueba a abrirlo de nuevo desde el correo.",
        "error_title": "Algo ha ido mal",
        "error_text": "No ha sido culpa tuya. Vuelve a intentarlo dentro de un momento.",
        "too_large_title": "Es demasiado grande",
        "too_large_text": "Lo que has enviado supera el tamaño que aceptamos.",
        "unsubscribe_title": "¿Quieres dejar de recibir nuestros correos?",
        "unsubscribe_text": "Confírmalo y no te escribiremos más a esta dirección.",
        "unsubscribe_button": "Sí, darme de baja",
        "unsubscribe_keep": "Si has llegado aquí por error, cierra esta página: nada ha cambiado.",
        "unsubscribed_title": "Te has dado de baja",
        "unsubscribed_text": "No recibirás más correos nuestros en esta dirección.",
        "unsubscribed_note": "Un correo que ya estuviera en camino aún puede llegarte.",
    },
    "en": {
        "mail_unsubscribe": "Unsubscribe",
        "not_found_title": "This link is not valid",
        "not_found_text": "It may be incomplete. Try to open it from the e-mail again.",
        "error_title": "Something went wrong",
        "error_text": "It was not your fault. Please try again in a moment.",
        "too_large_title": "It is too large",
        "too_large_text": "What you sent is larger than we accept.",
        "unsubscribe_title": "Do you want to stop receiving our e-mails?",
        "unsubscribe_text": "Confirm, and we will not write to this address any more.",
        "unsubscribe_button": "Yes, unsubscribe me",
        "unsubscribe_keep": "If you came here by mistake, close this page: nothing has changed.",
        "unsubscribed_title": "You have been unsubscribed",
        "unsubscribed_text": "You will receive no more e-mails from us at this address.",
        "unsubscribed_note": "An e-mail that was already on its way may still arrive.",
    },
}
