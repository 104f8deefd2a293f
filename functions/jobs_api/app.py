"""`/v1/jobs`: what runs in the background, how far it is, its controls. `/v1/messages`: send one, decide one."""

from gotero.entry import http, routes_jobs, routes_messages, wiring

api = http.Api(find_user=wiring.find_user)
handler = api.handler

routes_jobs.add_to(api)
routes_messages.add_to(api)
