"""`/f/{public_id}`: a visitor posts a web form, from a site that may, and lands where the form says."""

from http import HTTPStatus
from typing import Any

from gotero.domain.errors import NotAllowedError, NotFoundError
from gotero.domain.form import is_web_address
from gotero.entry import form_pages, http, pages, problems, wiring
from gotero.entry.public import PublicRequest, location, public, public_url, say
from gotero.services.submit_form import FormRefusedError, Submission, Thanks, find_form, submit_form

Json = dict[str, Any]


@public
def handler(request: PublicRequest) -> Json:
    public_id = request.parameter("public_id")
    wiring.declare()
    try:
        if request.method != "POST":
            _, form = find_form(wiring.definitions(), public_id)
            return form_pages.form_page(form, public_url(request), request.language)
        return _thank(request, submit_form(wiring.form_intake(), public_id, _submission(request)))
    except FormRefusedError as error:
        return _refuse(request, error)
    except NotAllowedError:
        return say(request, HTTPStatus.FORBIDDEN, "foreign")
    except NotFoundError:
        return say(request, HTTPStatus.NOT_FOUND, "not_found")


def _submission(request: PublicRequest) -> Submission:
    return Submission(
        posted=request.fields(),
        origin=request.header("origin") or None,
        referer=request.header("referer") or None,
        own_origin=public_url(request),
        key=request.id,
    )


def _thank(request: PublicRequest, thanks: Thanks) -> Json:
    if request.wants_json:
        return http.json_answer({"success": True})
    if thanks.form.return_url:
        headers = {"location": location(thanks.form.return_url), "cache-control": "no-store"}
        return {"statusCode": int(HTTPStatus.SEE_OTHER), "headers": headers, "body": "", "isBase64Encoded": False}
    return pages.page("message.html", form_pages.language_of(thanks.form, request.language), key="thanks")


def _refuse(request: PublicRequest, error: FormRefusedError) -> Json:
    if request.wants_json:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return problems.problem(status, "unprocessable_entity", error.errors, request.language).to_json_answer()
    back = request.header("referer")
    return form_pages.form_page(
        error.form,
        public_url(request),
        request.language,
        typed=request.fields(),
        errors=error.errors,
        back=back if is_web_address(back) else "",
    )
