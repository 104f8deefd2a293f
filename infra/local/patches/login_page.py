"""The page to log in speaks the language that is asked for: by `lang`, as in Cognito's own, or by the browser.

Stock: `services/cognito` draws its pages in English alone, whatever `lang` and Accept-Language say.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import cognito

from infra.local.emulator import Emulator

SPANISH: Mapping[str, str] = {
    '<html lang="en">': '<html lang="es">',
    "Sign in": "Entrar",
    ">Username<": ">Email<",
    ">Password<": ">Contraseña<",
    "Change password": "Cambiar la contraseña",
    "Set a new password": "Elige una contraseña nueva",
    "New password": "Contraseña nueva",
    "Confirm new password": "Otra vez, la misma",
    "Update password": "Guardar la contraseña",
    "Passwords do not match.": "No son la misma.",
    "Password did not conform with policy:": "No cumple lo que se pide a una contraseña:",
    "Incorrect username or password.": "El email o la contraseña no son correctos.",
    "User is disabled.": "Este usuario está desactivado.",
    "Powered by ministack": "Servido por ministack",
}

_language: ContextVar[str] = ContextVar("language", default="en")


def apply(emulator: Emulator) -> None:
    stock_page = cognito._page_shell

    def page(title: str, heading: str, body: str) -> str:
        language = _language.get()
        # The form keeps the language for the page that its answer is.
        drawn: str = stock_page(title, heading, body.replace('action="/login"', f'action="/login?lang={language}"'))
        if language == "es":
            # The longest first: "New password" stands in "Confirm new password".
            for text in sorted(SPANISH, key=len, reverse=True):
                drawn = drawn.replace(text, SPANISH[text])
        return drawn

    cognito._page_shell = page
    cognito.handle_oauth2_authorize = _spoken(cognito.handle_oauth2_authorize)
    cognito.handle_login_submit = _spoken(cognito.handle_login_submit)


def _spoken(stock: Callable[..., Any]) -> Callable[..., Any]:
    def handle(method: str, path: str, headers: Mapping[str, str], *more: Any) -> Any:
        token = _language.set(_asked(headers, more[-1]))
        try:
            return stock(method, path, headers, *more)
        finally:
            _language.reset(token)

    return handle


def _asked(headers: Mapping[str, str], query: Mapping[str, Any]) -> str:
    lower = {name.lower(): value for name, value in headers.items()}
    wanted = cognito._qp(query, "lang") or lower.get("accept-language", "")
    return "es" if wanted[:2].lower() == "es" else "en"
