"""pdpyras with the handbook's three scripts. Set: the session's `url`, its key, and `default_from`, without which no `From` is sent."""

import pdpyras
from seed_scripts import add_incident_note, assign_incident, create_incident_alert
from steps import HTTP, TOKEN, step, wanted

session = pdpyras.APISession(TOKEN, default_from="ana@example.com")
session.url = f"{HTTP}/pagerduty"

(service,) = [one for one in session.list_all("services") if one["name"] == "Payments"]
(bob,) = [one for one in session.list_all("users") if one["email"] == "bob@example.com"]
incident = step(
    "create_incident_alert",
    lambda: create_incident_alert(session, service["id"], "支付失败", "pdpyras: 订单无法支付"),
)
wanted(incident["status"] == "triggered", incident)
step("assign_incident", lambda: assign_incident(session, incident["id"], bob["id"]))
assigned = session.rget(f"/incidents/{incident['id']}")
wanted([one["assignee"]["id"] for one in assigned["assignments"]] == [bob["id"]], assigned["assignments"])
step("add_incident_note", lambda: add_incident_note(session, incident["id"], "正在处理"))
notes = session.rget(f"/incidents/{incident['id']}/notes")
wanted([one["content"] for one in notes] == ["正在处理"], notes)
