"""Every endpoint that takes a body, as the tests of bad input call it."""

from gotero.entry.openapi import OPTIONAL
from gotero.entry.openapi.routes import ROUTES

#: Route -> where it leads to something that exists, for the things in braces. Elsewhere braces are as they are.
PLACES = {
    "/v1/records/{module}/{id}": "/v1/records/contacts/{contact}",
    "/v1/records/{module}": "/v1/records/contacts",
    "/v1/segments/{id}": "/v1/segments/{segment}",
    "/v1/filters/{id}": "/v1/filters/{filter}",
    "/v1/workflows/{id}": "/v1/workflows/{workflow}",
    "/v1/forms/{id}": "/v1/forms/{form}",
    "/v1/templates/{template_id}": "/v1/templates/{template}",
    "/v1/campaigns/{campaign_id}": "/v1/campaigns/{campaign}",
    "/v1/actions/{id}": "/v1/actions/{action}",
    "/v1/scheduled-actions/{id}": "/v1/scheduled-actions/{scheduled}",
    "/v1/plans/{id}": "/v1/plans/{plan}",
    "/v1/imports/{id}": "/v1/imports/{import}",
    "/v1/fields/{module}/{field}": "/v1/fields/products/{field}",
    "/v1/fields/{module}": "/v1/fields/contacts",
    "/v1/settings/{id}": "/v1/settings/company",
    "/v1/users/{id}": "/v1/users/{user}",
    "/v1/groups/{id}": "/v1/groups/{group}",
    "/v1/documents/{id}": "/v1/documents/{document}",
    "/v1/document-templates/{id}": "/v1/document-templates/{letter}",
}


def place(path: str) -> str:
    for route, somewhere in PLACES.items():
        if path == route or path.startswith(f"{route}/"):
            return somewhere + path.removeprefix(route).replace("{other}", "events")
    return path


#: Every endpoint that takes a body; names in braces are things that exist.
WRITES = (
    *((route.method, place(route.path)) for route in ROUTES if route.body),
    ("POST", "/v1/records/campaigns"),
    *(("PUT", f"/v1/settings/{id}") for id in ("numbers", "deliverability", "transports")),
)
#: A body that is missing altogether means "with what you have" here.
MAY_BE_EMPTY = tuple(place(route.path) for route in ROUTES if route.body in OPTIONAL)
