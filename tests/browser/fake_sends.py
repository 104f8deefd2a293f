"""Campaigns, their jobs, the templates they send."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser import sample_data, sample_sends
from tests.browser.fake_records import Records
from tests.browser.fake_state import Answer, Json, Routes

WARNINGS = [{"path": "mjml", "rule": "merge_field", "message": "«naem» no existe."}]

PRICES: Json = {
    "kind": "documents",
    "id": "d-1",
    "from": "template",
    "name": "Tarifas 2027",
    "file": "Tarifas 2027.pdf",
}
PRICES |= {"size": 482_113}
LETTER: Json = {"kind": "document_templates", "id": "dt-1", "from": "send", "name": "Carta de pago", "size": None}
LETTER |= {"file": "Carta de Iker.pdf"}


class Sends(Records):
    def send_routes(self, query: dict[str, str], body: Any) -> Routes:
        return [
            ("GET", r"/v1/campaigns/[\w-]+/results", lambda: (200, sample_sends.RESULTS)),
            ("POST", r"/v1/campaigns/[\w-]+/send/preview", lambda: (200, sample_sends.PREVIEW)),
            ("POST", r"/v1/campaigns/[\w-]+/audience", lambda: self.audience(body)),
            ("POST", r"/v1/campaigns/([\w-]+)/send", lambda id: self.send(id, body["start"])),
            ("GET", r"/v1/jobs", lambda: (200, {"items": [self.moved(job) for job in self.jobs], "next": None})),
            ("GET", r"/v1/jobs/([\w-]+)", lambda id: self.find([self.moved(job) for job in self.jobs], id)),
            ("DELETE", r"/v1/jobs/([\w-]+)", self.delete_job),
            ("GET", r"/v1/messages/([\w-]+)/documents", self.went_along),
            ("GET", r"/v1/messages/[\w-]+/documents/dt-1", lambda: (200, b"%PDF-1.4 Iker")),
            ("POST", r"/v1/messages/decide", lambda: self.decide_many(body)),
            ("POST", r"/v1/messages/([\w-]+)/([\w-]+)", self.decide),
            ("POST", r"/v1/jobs/([\w-]+)/(\w+)", self.command),
            ("POST", r"/v1/templates/[\w-]+/preview", self.preview),
            ("POST", r"/v1/templates/[\w-]+/test", lambda: (202, {})),
        ]

    @staticmethod
    def audience(body: Json) -> Answer:
        rows = [row for row in sample_sends.AUDIENCE if body.get("search", "").lower() in row["title"].lower()]
        rows = [row for row in rows if body.get("verdict") in (None, row["verdict"])]
        return 200, {"items": rows, "next": None}

    def delete_job(self, id: str) -> Answer:
        self.jobs = [job for job in self.jobs if job["id"] != id]
        return 204, None

    def decide(self, id: str, decision: str) -> Answer:
        status, message = self.one("messages", id)
        message["values"]["status"] = "accepted" if decision == "accept" else "cancelled"
        return status, message

    def decide_many(self, body: Json) -> Answer:
        rows = [row for row in self.records["messages"] if row["values"]["status"] in ("uncertain", "held")]
        rows = [row for row in rows if row["id"] in body.get("ids", (row["id"],))]
        if body.get("preview"):
            return 200, {"count": len(rows), "as_of": None, "exact": True}
        for row in rows:
            self.decide(row["id"], body["decision"])
        outcome = {"changed": len(rows), "unchanged": 0, "failed": 0}
        return 200, {"id": "j-decide", "job_id": "j-decide", "state": "finished", "failed": 0, "outcome": outcome}

    def send(self, campaign: str, start: Any = "now") -> Answer:
        delay = self.meta["settings"]["company"].get("send_delay_minutes", 0) if start == "now" else 60
        at = datetime.now(UTC) + timedelta(minutes=delay)
        job: Json = {
            "id": f"j-{len(self.jobs)}",
            "kind": "campaign_send",
            "state": "held" if start == "hold" else "scheduled" if delay else "running",
            "total": 500,
            "processed": 0,
            "start_at": None if start == "hold" else at.isoformat(),
            "template": "2-Column_1-Logo",
            "template_id": "t-1",
            "audience": {"email_fields": {}},
        }
        self.jobs.append(
            {
                **job,
                "failed": 0,
                "created_at": sample_data.NOW,
                "created_by": "u-lucia",
                "campaign": campaign,
                "name": "Twitter",
            }
        )
        return 202, {"job_id": job["id"]}

    @staticmethod
    def moved(job: Json) -> Json:
        """A running job is a bit further at every look."""
        if job["state"] == "running":
            job["processed"] = min(job["total"], job["processed"] + 120)
            job["state"] = "finished" if job["processed"] == job["total"] else "running"
        pending = job["total"] - job["processed"]
        ended = sample_data.NOW if job["state"] == "finished" else None
        running = job["state"] == "running"
        return {
            **job,
            "deletable": job["state"] in ("held", "scheduled"),
            "rate": 60.0 if running else None,
            "seconds_left": 120 if running else None,
            "cost": {"currency": "USD", "provider": job["processed"] / 10_000, "platform": 0.001},
            "counts": {"accepted": job["processed"], "skipped": 0},
            "pending": pending,
            "progress": job["processed"] / job["total"],
            "finished_at": ended,
            "result": None,
        }

    def command(self, id: str, command: str) -> Answer:
        states = {"pause": "paused", "resume": "running", "start": "running", "cancel": "cancelled"}
        job = next(job for job in self.jobs if job["id"] == id)
        job["state"] = states[command]
        return 200, self.moved(dict(job))

    @staticmethod
    def preview() -> Answer:
        html = "<h1>Fruta para la oficina</h1><script>parent.document.title='owned'</script><p>Hola, Lía</p>"
        return 200, {
            "subject": "Fruta para la oficina",
            "html": html,
            "text": "Hola, Lía",
            "warnings": WARNINGS,
            "attachments": [PRICES],
        }

    @staticmethod
    def went_along(message: str) -> Answer:
        return 200, {"items": [PRICES, LETTER] if message == "m-2" else [], "next": None}
