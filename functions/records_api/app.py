"""/v1/records: records of every module, their timelines and what is related to them. /v1/search: all modules."""

from gotero.entry import (
    http,
    routes_linked,
    routes_lists,
    routes_many,
    routes_person,
    routes_records,
    routes_timeline,
    wiring,
)

api = http.Api(find_user=wiring.find_user)
handler = api.handler

# What has a name of its own (…/columns) comes before what has an id in its place: the first that fits answers.
routes_many.add_to(api)
routes_linked.add_to(api)
routes_person.add_to(api)
routes_timeline.add_to(api)
routes_lists.add_to(api)
routes_records.add_to(api)
