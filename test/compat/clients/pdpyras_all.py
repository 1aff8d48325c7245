"""pdpyras, beyond the handbook: events, changes, paging, bulk, snooze, merge. Set: each session's `url`, the key, `default_from`."""

import pdpyras
from steps import HTTPS, TOKEN, step, wanted

events = pdpyras.EventsAPISession("compat-events-v2-key-000000000000")
events.url = f"{HTTPS}/pagerduty"
step("events trigger", lambda: events.trigger("disk is full", "db1", dedup_key="pdpyras/disk", custom_details={"free": "3%"}))
step("events acknowledge", lambda: events.acknowledge("pdpyras/disk"))
step("events resolve", lambda: events.resolve("pdpyras/disk"))
changes = pdpyras.ChangeEventsAPISession("compat-events-v2-key-000000000000")
changes.url = f"{HTTPS}/pagerduty"
step("change submit", lambda: changes.submit("pdpyras deployed 1.2.3", source="ci"))

session = pdpyras.APISession(TOKEN, default_from="ana@example.com")
session.url = f"{HTTPS}/pagerduty"
service = step("find a service", lambda: session.find("services", "Payments"))
made = [
    session.rpost("/incidents", json={"type": "incident", "title": f"pdpyras {n}", "incident_key": f"pdpyras/{n}", "service": {"id": service["id"], "type": "service_reference"}})
    for n in range(4)
]
step("get", lambda: session.rget(made[0]))
step("iterate in pages of one", lambda: [one["email"] for one in session.iter_all("users", page_size=1)])
step("snooze", lambda: session.post(f"/incidents/{made[0]['id']}/snooze", json={"duration": 3600}).status_code)
step("acknowledge many", lambda: session.rput("/incidents", json=[{"id": one["id"], "type": "incident_reference", "status": "acknowledged"} for one in made[1:]]))
step("merge", lambda: session.rput(f"/incidents/{made[1]['id']}/merge", json=[{"id": made[2]["id"], "type": "incident_reference"}]))
step("resolve by what was got", lambda: session.rput(made[3], json={"type": "incident_reference", "status": "resolved"})["status"])
step("log entries", lambda: [one["type"] for one in session.iter_all(f"/incidents/{made[3]['id']}/log_entries")])
step("on call", lambda: [one["user"]["id"] for one in session.iter_all("oncalls")])
step("escalation policies", lambda: [one["id"] for one in session.iter_all("escalation_policies")])
step("schedules", lambda: [one["id"] for one in session.iter_all("schedules")])
missing = session.get("/incidents/PNOSUCH")
wanted(missing.status_code == 404 and missing.json()["error"]["code"] == 2100, missing.text)
