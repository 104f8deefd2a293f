"""Why a mail was not sent, in words. The keys are the reasons that a message record carries."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "no_email": "No tiene email.",
        "invalid_email": "Su email no es válido.",
        "suppressed": "La dirección está en la lista de supresión (rebotó, o marcó un correo como spam).",
        "do_not_email": "Está marcado «No enviar email».",
        "unsubscribed": "Se dio de baja.",
        "same_address": "Otro registro del mismo envío tiene la misma dirección.",
        "excluded": "Ha entrado en una lista que el envío deja fuera.",
        "opened": "Ya ha abierto el primer envío.",
        "deleted": "El registro se ha borrado.",
        "no_template": "La plantilla ya no existe.",
        "no_sender": "Falta el remitente de la empresa en los ajustes.",
        "rendering": "La plantilla no se puede componer con los datos de este destinatario.",
        "refused": "El proveedor de correo lo ha rechazado.",
        "no_answer": "El proveedor de correo no llegó a contestar; se espera su aviso.",
        "interrupted": "El envío se interrumpió; se espera el aviso del proveedor de correo.",
        "no_event": "Ningún aviso del proveedor dice si el correo salió: lo decide una persona.",
        "job_cancelled": "El envío se canceló antes de llegar aquí.",
        "decided": "Una persona lo ha dado por enviado.",
        "sent_again": "Una persona lo ha enviado de nuevo, como otro mensaje.",
    },
    "en": {
        "no_email": "Has no e-mail address.",
        "invalid_email": "The e-mail address is not valid.",
        "suppressed": "The address is on the suppression list (it bounced, or marked a mail as spam).",
        "do_not_email": "Is marked “Do not e-mail”.",
        "unsubscribed": "Has unsubscribed.",
        "same_address": "Another record of the same send has the same address.",
        "excluded": "Has entered a segment that the send leaves out.",
        "opened": "Has opened the first send.",
        "deleted": "The record has been deleted.",
        "no_template": "The template no longer exists.",
        "no_sender": "The company's sender is missing in the settings.",
        "rendering": "The template cannot be rendered with this recipient's data.",
        "refused": "The mail provider refused it.",
        "no_answer": "The mail provider never answered; its event is awaited.",
        "interrupted": "The send was interrupted; the mail provider's event is awaited.",
        "no_event": "No event of the provider tells whether the mail left: a person decides.",
        "job_cancelled": "The send was cancelled before it came this far.",
        "decided": "A person took it to have been sent.",
        "sent_again": "A person sent it again, as another message.",
    },
}
