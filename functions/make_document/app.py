"""Invoked by whoever needs a document: a template and the values of one record in, a PDF out."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.entry import wiring_documents
from gotero.entry.invocation import must_be_document
from gotero.services.make_document import make_document


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    must_be_document(event)
    return make_document(wiring_documents.press(), event)
