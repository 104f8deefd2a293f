"""The wiring of generated documents: who asks for them, and the one function that makes them."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry.settings import setting

if TYPE_CHECKING:
    from gotero.ports import DocumentMaker


@lru_cache
def maker() -> "DocumentMaker":
    """For whoever needs a document: it is made elsewhere."""
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.document_maker import LambdaDocuments

    return LambdaDocuments(clients.documents(), setting("MAKE_DOCUMENT_FUNCTION"))


@lru_cache
def press() -> "DocumentMaker":
    """Elsewhere: ReportLab is in the layer of that function alone."""
    from gotero.adapters.rendering.pdf import PdfPress

    return PdfPress()
