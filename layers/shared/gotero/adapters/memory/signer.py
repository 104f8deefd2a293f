"""`Signer` with secrets at hand."""

from gotero.domain import token
from gotero.ports import Json


class MemorySigner:
    def __init__(self, secret: str = "secret of the tests", previous: tuple[str, ...] = ()) -> None:  # noqa: S107
        self._secrets = [text.encode() for text in (secret, *previous)]

    def sign(self, purpose: str, payload: Json) -> str:
        return token.encode(self._secrets[0], purpose, payload)

    def read(self, purpose: str, text: str) -> Json | None:
        return token.decode(self._secrets, purpose, text)
