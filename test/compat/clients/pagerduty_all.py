"""The client that came after pdpyras. Set: `base_url` (https alone is taken), and a TLS context that trusts the private authority."""

import ssl

import pagerduty
from steps import CA, HTTPS, TOKEN, step, wanted

trusting = ssl.create_default_context(cafile=CA)
events = pagerduty.EventsApiV2Client("compat-events-v2-key-000000000000", base_url=f"{HTTPS}/pagerduty", verify=trusting)
step("events trigger", lambda: events.trigger("queue grows", "mq1", dedup_key="pagerduty/queue", severity="warning"))
step("events acknowledge", lambda: events.acknowledge("pagerduty/queue"))
step("events resolve", lambda: events.resolve("pagerduty/queue"))
step("change submit", lambda: events.submit("pagerduty deployed 1.2.4", source="ci", timestamp="2026-11-21T06:50:19Z"))

client = pagerduty.RestApiV2Client(TOKEN, default_from="ana@example.com", base_url=f"{HTTPS}/pagerduty", verify=trusting)
service = step("find a service", lambda: client.find("services", "Payments"))
incident = step(
    "create",
    lambda: client.rpost("/incidents", json={"type": "incident", "title": "pagerduty by hand", "incident_key": "pagerduty/rest", "service": {"id": service["id"], "type": "service_reference"}}),
)
step("note", lambda: client.rpost(f"/incidents/{incident['id']}/notes", json={"content": "looking"}))
step("acknowledge", lambda: client.rput(incident, json={"type": "incident_reference", "status": "acknowledged"})["status"])
step("resolve", lambda: client.rput(incident, json={"type": "incident_reference", "status": "resolved"})["status"])
step("how many users", lambda: client.get_total("users"))
step("who I am not", lambda: client.get("/incidents/PNOSUCH").status_code)
emails = step("iterate in pages of one", lambda: [one["email"] for one in client.iter_all("users", page_size=1)])
wanted(sorted(emails) == ["ana@example.com", "bob@example.com"], emails)
