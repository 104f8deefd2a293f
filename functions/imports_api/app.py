"""/v1/imports and /v1/exports: tables that come in and go out as CSV, by signed addresses of the bucket of files."""

from gotero.entry import http, routes_exchange, wiring

api = http.Api(find_user=wiring.find_user)
handler = api.handler

routes_exchange.add_to(api)
