"""What the function that makes documents answers: a document, or why there is none. It asks nobody, and keeps nothing.

Questions and answers are JSON, because they come and go as the payloads of a function (adapters/aws/document_maker.py).
"""

from base64 import b64encode

from gotero.domain.document_template import DocumentTemplate
from gotero.domain.errors import InvalidError, OversizeError, PermanentError
from gotero.ports import DocumentMaker, Json


def make_document(press: DocumentMaker, asked: Json) -> Json:
    """With values, the document for them; without, whether the template may run, and what it reads."""
    template = DocumentTemplate.from_json(asked["template"])
    try:
        if "values" not in asked:
            return {"fields": list(press.check(template))}
        made = press.make(template, asked["values"], asked["day"])
    except InvalidError as error:
        return {"errors": [[e.path, e.rule, [list(value) for value in e.values]] for e in error.errors]}
    except OversizeError:
        return {"failed": "too_large"}
    except PermanentError as error:
        return {"failed": str(error)}
    return {"name": made.name, "type": made.type, "content": b64encode(made.content).decode()}
