"""/v1/actions (what), /v1/scheduled-actions (when), /v1/plans, and /v1/assignments (who)."""

from gotero.entry import http, routes_assignments, routes_definitions, wiring
from gotero.services import save_action, save_plan, save_scheduled_action

api = http.Api(find_user=wiring.find_user)
handler = api.handler

routes_definitions.add_to(
    api, "/v1/actions", "actions", save_action.create_action, save_action.update_action, save_action.delete_action
)
routes_definitions.add_to(
    api,
    "/v1/scheduled-actions",
    "scheduled_actions",
    save_scheduled_action.create_scheduled_action,
    save_scheduled_action.update_scheduled_action,
    save_scheduled_action.delete_scheduled_action,
)
routes_definitions.add_to(
    api, "/v1/plans", "plans", save_plan.create_plan, save_plan.update_plan, save_plan.delete_plan
)
routes_assignments.add_to(api, {"/v1/scheduled-actions": "scheduled_actions", "/v1/plans": "plans"})
