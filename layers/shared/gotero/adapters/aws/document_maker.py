"""`DocumentMaker` in a function of its own: ReportLab, and whatever a template makes of it, harms nobody's mail there.

The same question has the same answer, so it may be asked again; what the function could not answer is no document.
"""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from gotero.domain.document_template import DocumentTemplate
from gotero.domain.errors import FieldError, InvalidError, OversizeError, PermanentError, TransientError
from gotero.domain.letter import Attachment
from gotero.ports import Json

#: What AWS says when the function cannot be asked now, or not any more by then.
_LATER = frozenset({"TooManyRequestsException", "ServiceException", "ResourceNotReadyException"})


class LambdaDocuments:
    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def check(self, template: DocumentTemplate) -> tuple[str, ...]:
        try:
            answer = self._ask({"template": template.to_json()})
        except PermanentError as error:
            # It ran out of time or memory: so it would for every recipient.
            raise InvalidError(FieldError("parts", "template", (("reason", str(error)),))) from error
        if "errors" in answer:
            raise InvalidError(*(FieldError(path, rule, tuple(map(tuple, v))) for path, rule, v in answer["errors"]))
        return tuple(answer["fields"])

    def make(self, template: DocumentTemplate, values: Json, day: str) -> Attachment:
        answer = self._ask({"template": template.to_json(), "values": values, "day": day})
        if answer.get("failed") == "too_large":
            raise OversizeError("document")
        if "content" not in answer:
            raise PermanentError("document")
        return Attachment.from_json(answer)

    def _ask(self, question: Json) -> Json:
        payload = json.dumps(question, ensure_ascii=False, default=str).encode(errors="replace")
        try:
            told = self._client.invoke(FunctionName=self._function, Payload=payload)
            answer: Json = json.loads(told["Payload"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _LATER:
                raise TransientError("documents cannot be made now") from error
            raise
        except BotoCoreError as error:
            raise TransientError("documents cannot be made now") from error
        if "FunctionError" in told:
            raise PermanentError("too much time or memory")
        return answer
