"""The wiring of single mails: their letters, and how a mail is shown again. The rest of sending: wiring_sending.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from gotero.ports import Letters
    from gotero.services.view_message import Viewer


@lru_cache
def letters() -> "Letters":
    from gotero.adapters.lake.objects import S3Objects
    from gotero.adapters.letters import StoredLetters

    return StoredLetters(S3Objects(setting("LAKE_BUCKET")))


def viewer() -> "Viewer":
    from gotero.services.view_message import Viewer

    return Viewer(
        wiring.signer(),
        wiring.messages(),
        wiring.records(),
        wiring.definitions(),
        letters(),
        wiring.renderer(),
    )
