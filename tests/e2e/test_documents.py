"""A document and a letter of their own for each recipient of a campaign: from the upload to the mails."""

from email import message_from_string, policy
from io import BytesIO

import pytest
from pypdf import PdfReader

from infra.local.http import request
from infra.local.stack import Stack

pytestmark = pytest.mark.e2e
PRICES = b"%PDF-1.4\n% Tarifas 2027\n"
LETTER = {
    "name": "Carta de bienvenida",
    "module": "contacts",
    "file": "Carta para {{ firstname }}",
    "parts": [
        {"kind": "title", "text": "Bienvenida"},
        {"kind": "paragraph", "text": "Estimada {{ contact.firstname }} {{ contact.lastname }}:"},
    ],
}


def document(stack: Stack, file: str = "Tarifas 2027.pdf") -> str:
    """Announced, put by the browser into the bucket, and kept."""
    made = stack.api("POST", "/v1/documents", {"file": file, "size": len(PRICES)}, expect=201)
    assert stack.call("POST", f"/v1/documents/{made['id']}/uploaded", {}).status == 409
    put = {"content-type": "application/pdf", "origin": stack.console_url.removesuffix("/console/")}
    assert request("PUT", made["upload_url"], body=PRICES, headers=put).status == 200
    kept = stack.api("POST", f"/v1/documents/{made['id']}/uploaded", {})
    assert kept["number"].startswith("DOC-00000")
    return str(made["id"])


def said(content: bytes) -> str:
    return " ".join(PdfReader(BytesIO(content)).pages[0].extract_text().split())


def attached(stack: Stack, to: str) -> dict[str | None, bytes]:
    """What went along with the mail that this address got."""
    mail = stack.mailbox.wait_for(to=to, subject="Papeles", timeout=300)
    parsed = message_from_string(stack.mailbox.message(mail["id"])["raw"], policy=policy.default)
    return {part.get_filename(): part.get_content() for part in parsed.iter_attachments()}


def test_a_campaign_with_a_document_and_a_letter_of_their_own(stack: Stack) -> None:
    if not stack.api("GET", "/v1/settings/company").get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    people = {"noa.papeles@example.com": ("Noa", "Ñíguez"), "aina.papeles@example.com": ("Aina", "Lluís")}
    records = []
    for email, (firstname, lastname) in people.items():
        values = {"firstname": firstname, "lastname": lastname, "email": email}
        made = stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)
        records.append({"module": "contacts", "id": made["id"]})
    prices, map_ = document(stack), document(stack, "Plano.pdf")
    letter = stack.api("POST", "/v1/document-templates", LETTER, expect=201)["id"]

    # Shown on a real record before it is sent.
    shown = stack.call("GET", f"/v1/document-templates/{letter}/preview?record=contacts/{records[0]['id']}")
    assert (shown.status, shown.headers["content-type"]) == (200, "application/pdf")
    assert "Estimada Noa Ñíguez:" in said(shown.body)

    written = {"name": "Papeles", "subject": "Papeles", "html": "<p>Hola {{ firstname }}</p>", "documents": [map_]}
    template = stack.api("POST", "/v1/templates", written, expect=201)["id"]
    # A test has what the template brings, and what the send would have beside it.
    trial = {"to": "prueba.papeles@example.com", "record": records[0], "document_templates": [letter]}
    tried = stack.api("POST", f"/v1/templates/{template}/test", trial, expect=202)
    order = {
        "template_id": template,
        "audience": {"records": records},
        "documents": [prices],
        "document_templates": [letter],
        "start": "hold",
    }
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": "Papeles"}}, expect=201)["id"]
    path = f"/v1/campaigns/{campaign}/send"
    refused = stack.call("POST", path, {**order, "documents": [prices, "nobody"]})
    assert (refused.status, refused.json()["errors"][0]["path"]) == (422, "documents[1]")
    job = stack.api("POST", path, order, expect=202)["job_id"]
    # Neither goes while the send needs it.
    for used in (f"/v1/documents/{prices}", f"/v1/documents/{map_}", f"/v1/document-templates/{letter}"):
        assert stack.call("DELETE", used).status == 409
    stack.api("POST", f"/v1/jobs/{job}/start", {})

    for email, (firstname, lastname) in people.items():
        files = attached(stack, email)
        assert files.keys() == {"Plano.pdf", "Tarifas 2027.pdf", f"Carta para {firstname}.pdf"}
        assert files["Tarifas 2027.pdf"] == PRICES
        assert f"Estimada {firstname} {lastname}:" in said(files[f"Carta para {firstname}.pdf"])
    files = attached(stack, "prueba.papeles@example.com")
    assert files.keys() == {"Plano.pdf", "Carta para Noa.pdf"}
    assert "Estimada Noa Ñíguez:" in said(files["Carta para Noa.pdf"])
    went = stack.api("GET", f"/v1/messages/{tried['id']}/documents")["items"]
    assert [(row["file"], row["size"]) for row in went] == [("Plano.pdf", len(PRICES)), ("Carta para Noa.pdf", None)]
    again = stack.call("GET", f"/v1/messages/{tried['id']}/documents/{letter}")
    assert again.status == 200
    assert "Estimada Noa Ñíguez:" in said(again.body)
