"""Takes the fuzzer to what the house has, and counts what each operation answered.

A fuzzer that knows no id and no name of the house only learns how it says no. Three calls of four are therefore aimed: what
names something is made to name something that is there (in the path, the query or the body), and what must belong together
does. The fourth is left as it was generated. Answers are counted by operation in the file FUZZ_COUNTS, for the run to judge.
"""

import json
import os
import random
import re
import threading
import urllib.error
import urllib.request

import schemathesis

HOUSE = os.environ["FUZZ_URL"]
TOKEN = os.environ["FUZZ_TOKEN"]
COUNTS = os.environ["FUZZ_COUNTS"]
SAMPLES = json.loads(os.environ["FUZZ_SAMPLES"])
AIMED = 3 / 4



class Chance(threading.local):
    """Not the fuzzer's own: what it generates must not depend on how it is aimed. One an operation, whichever comes first."""

    def __init__(self):
        self.by_operation = {}
        self.of("")

    def of(self, operation):
        made = self.by_operation.setdefault(operation, random.Random(f"{os.environ['FUZZ_SEED']} {operation}"))
        self.random, self.choice, self.randint, self.getrandbits = made.random, made.choice, made.randint, made.getrandbits


chance = Chance()
counts = {}
last_written = 0


def ask(method, path, body=None, headers=None):
    """One call of our own to the house, not counted. Its JSON, or None where it is refused."""
    request = urllib.request.Request(
        f"{HOUSE}{path}",
        method=method,
        headers={"authorization": f"Bearer {TOKEN}", "content-type": "application/json", **(headers or {})},
        data=None if body is None else json.dumps(body).encode(),
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError:
        return None


class Incidents:
    """Open incidents, each named a few times and then left alone: what happened to one must not refuse all calls after it."""

    def __init__(self, service, *prepared):
        self.service, self.prepared = service, prepared
        self.id, self.left = None, 0

    def take(self):
        if self.left == 0:
            self.id = self.opened()
            self.left = 8
        self.left -= 1
        return self.id

    def opened(self):
        if self.service == "held":
            # What people open by hand is not held: a source's event is.
            event = {**SAMPLES["sources"]["guance"]["body"], "df_monitor_checker_event_ref": f"held-{chance.random()}"}
            return ask("POST", f"/integrations/guance/{SAMPLES['heldKey']}", event)["events"][0]["incident"]
        made = ask("POST", "/v1/incidents", {"service": self.service, "summary": "for the fuzzer", "as": "ana"})
        for command, body in self.prepared:
            ask("POST", f"/v1/incidents/{made['id']}/{command}", {"as": "ana", **body})
        return made["id"]

    def once(self):
        """One that nobody else is given."""
        return self.opened()


OPEN = Incidents("payments")
ACKNOWLEDGED = Incidents("payments", ("acknowledge", {}))
RESOLVED = Incidents("payments", ("resolve", {}))
HELD = Incidents("held")

# The state that a command wants; what ends or changes it takes one of its own.
FOR_COMMAND = {
    "unacknowledge": ACKNOWLEDGED.once,
    "reopen": RESOLVED.once,
    "trigger": HELD.once,
    "resolve": OPEN.once,
    "escalate": OPEN.once,
    "merge": OPEN.once,
}


def incident_for(path):
    return FOR_COMMAND.get(path.rsplit("/", 1)[-1], OPEN.take)()


def first_alert(incident):
    return ask("GET", f"/pagerduty/incidents/{incident}/alerts")["alerts"][0]["id"]


def window():
    made = ask("POST", "/v1/maintenance-windows", {"services": ["payments"], "start": "2099-01-01T00:00:00Z", "end": "2099-01-02T00:00:00Z"})
    return made["id"]


def drill():
    return ask("POST", "/v1/drills", {"service": "payments", "as": "ana"})["id"]


GENIE = {"authorization": f"GenieKey {SAMPLES['genieKey']}"}


def alert():
    """The alias of an alert of Opsgenie's API."""
    alias = f"fuzzed-{chance.getrandbits(48):x}"
    ask("POST", "/opsgenie/v2/alerts", {"message": "for the fuzzer", "alias": alias}, GENIE)
    return alias


def processed():
    """The id of a request of Opsgenie's API that was processed."""
    made = ask("POST", "/opsgenie/v2/alerts", {"message": "for the fuzzer", "alias": "fuzzed"}, GENIE)
    return made["requestId"]


def beating():
    """The name of a heartbeat of Opsgenie's API."""
    name = f"fuzzed-{chance.getrandbits(48):x}"
    ask("POST", "/opsgenie/v2/heartbeats", {"name": name, "interval": 1, "intervalUnit": "days", "enabled": True}, GENIE)
    return name


def beat():
    """The id of a heartbeat that was heard once."""
    ask("GET", f"/heartbeats/{SAMPLES['heartbeatKey']}/fuzzed")
    return "fuzzed"


# What a parameter of a path names, by the path that it stands in; None: an incident in the state that the command wants.
PATH = [
    (r"^/v1/incidents/\{id\}|^/pagerduty/incidents/\{id\}", {"id": None}),
    (r"/schedules/\{id\}", {"id": "primary"}),
    (r"/users/\{id\}", {"id": "ana", "contact": "term", "contact_method_id": "term", "notification_rule_id": SAMPLES["notificationRule"]}),
    (r"/teams/\{id\}", {"id": "sre"}),
    (r"/services/\{id\}", {"id": "payments", "integration_id": "payments-events-v2"}),
    (r"/escalation_policies/\{id\}", {"id": "calm"}),
    (r"^/v1/maintenance-windows/\{id\}", {"id": window}),
    (r"^/v1/drills/\{id\}", {"id": drill}),
    (r"^/opsgenie/v2/alerts/\{identifier\}", {"identifier": alert}),
    (r"^/opsgenie/v2/alerts/requests", {"requestId": processed}),
    (r"^/opsgenie/v2/heartbeats/", {"name": beating}),
    (r"^/heartbeats/", {"key": SAMPLES["heartbeatKey"], "id": "fuzzed"}),
    (r"^/v1/heartbeats/", {"integration": "payments-heartbeat", "id": beat}),
]

# What a member of a query or of a body names.
MEMBERS = {
    "service": lambda: "payments",
    "services": lambda: ["payments"],
    "team": lambda: "sre",
    "assignee": lambda: "ana",
    "user": lambda: "ana",
    "users": lambda: ["ana", "bob"],
    "as": lambda: "ana",
    "schedule": lambda: "primary",
    "escalationPolicy": lambda: "calm",
    "level": lambda: 1,
    "fromLevel": lambda: 1,
    "fromPass": lambda: 1,
    "fromEpisode": lambda: 1,
    "sources": lambda: [OPEN.once()],
    "duration": lambda: "5m",
    "integration": lambda: "payments-events-v2",
    "service_ids[]": lambda: ["payments"],
    "team_ids[]": lambda: ["sre"],
    "user_ids[]": lambda: ["ana"],
    "schedule_ids[]": lambda: ["primary"],
    "escalation_policy_ids[]": lambda: ["calm"],
    "identifierType": lambda: "alias",
    "every": lambda: "1h",
    "grace": lambda: "1m",
    "offset": lambda: 0,
}
# Left out: what only the API gives out, and instants, of which two that are made up are seldom in order.
GIVEN_OUT = ("cursor", "since", "until")
# The whole body, where what is made of each member alone would not fit together.
BODIES = {
    "POST /v1/maintenance-windows": lambda: {"services": ["payments"], "end": "2099-01-01T00:00:00Z", "start": "2098-12-31T00:00:00Z"},
}


def aim_members(members, known):
    for name in list(members):
        if name in GIVEN_OUT:
            del members[name]
        elif name in known:
            members[name] = known[name]()


def aim(case):
    path = case.operation.path
    for pattern, values in PATH:
        if re.search(pattern, path):
            for name in case.path_parameters:
                value = values.get(name)
                case.path_parameters[name] = incident_for(path) if value is None else value() if callable(value) else value
    if isinstance(case.query, dict):
        aim_members(case.query, MEMBERS)
    if path.startswith("/opsgenie/v2/alerts/{identifier}"):
        case.query = {**(case.query if isinstance(case.query, dict) else {}), "identifierType": "alias"}
    if "alert_id" in case.path_parameters:
        case.path_parameters["alert_id"] = first_alert(case.path_parameters["id"])
    if path == "/integrations/grafana/{key}":
        case.path_parameters = {"key": SAMPLES["grafana"]["key"]}
        case.body = SAMPLES["grafana"]["body"]
        return
    if path == "/integrations/{source}/{key}":
        source = chance.choice(sorted(SAMPLES["sources"]))
        case.path_parameters = {"source": source, "key": SAMPLES["sources"][source]["key"]}
        case.body = SAMPLES["sources"][source]["body"]
        return
    label = case.operation.label
    body = BODIES[label]() if label in BODIES else case.body
    if path in ("/pagerduty/incidents", "/pagerduty/incidents/{id}") and case.method == "PUT":
        change = {"type": "incident_reference", "status": chance.choice(["acknowledged", "resolved"])}
        body = {"incident": change} if path.endswith("{id}") else {"incidents": [{"id": OPEN.once(), **change}]}
    if label == "POST /opsgenie/v2/heartbeats":
        body = {**body, "name": f"fuzzed-{chance.getrandbits(48):x}"} if isinstance(body, dict) else body
    if label == "POST /pagerduty/incidents":
        body = {"incident": {"type": "incident", "title": "fuzzed", "service": {"id": "payments", "type": "service_reference"}}}
    if label == "POST /pagerduty/incidents/{id}/snooze":
        body = {"duration": chance.randint(60, 3600)}
    if label == "PUT /pagerduty/incidents/{id}/merge":
        body = {"source_incidents": [{"id": OPEN.once(), "type": "incident_reference"}]}
    if label == "PUT /pagerduty/incidents/{id}/alerts":
        body = {"alerts": [{"id": first_alert(case.path_parameters["id"]), "status": "resolved"}]}
    if label == "POST /opsgenie/v2/alerts/{identifier}/teams":
        body = {"team": {"name": "sre"}}
    if label.endswith("create_event.json"):
        body = {**(body if isinstance(body, dict) else {}), "service_key": SAMPLES["serviceKey"], "incident_key": "fuzzed"}
        body.setdefault("description", "fuzzed")
    if label.endswith("/v2/change/enqueue"):
        body = {**(body if isinstance(body, dict) else {}), "routing_key": SAMPLES["routingKey"]}
    if label.endswith("/v2/enqueue"):
        body = {**(body if isinstance(body, dict) else {}), "routing_key": SAMPLES["routingKey"], "dedup_key": "fuzzed"}
        body.setdefault("payload", {"summary": "fuzzed", "source": "fuzzer", "severity": "error"})
    if not isinstance(body, dict):
        return
    if path.startswith("/v1/"):
        aim_members(body, MEMBERS)
    if case.method in ("POST", "PUT", "PATCH") and path.startswith("/v1/"):
        if "as" in properties(case):
            body["as"] = "ana"
        if "incidents" in body:
            body["incidents"] = [incident_for(path)]
        if path.endswith("/reassign"):
            body.pop(chance.choice(["users", "escalationPolicy"]), None)
            if "users" in body:
                body.pop("escalationPolicy", None)
                body.pop("level", None)
            elif "escalationPolicy" not in body:
                body["level"] = 1
    case.body = body


def properties(case):
    for body in case.operation.body:
        schema = getattr(body, "definition", {}).get("schema", {})
        return schema.get("properties", {})
    return {}


@schemathesis.hook
def before_call(context, case, kwargs):
    chance.of(case.operation.label)
    # Each API is asked as its own clients ask it.
    genie = case.operation.path.startswith("/opsgenie/")
    case.headers["Authorization"] = GENIE["authorization"] if genie else f"Bearer {TOKEN}"
    if case.operation.path.startswith("/pagerduty/"):
        case.headers["From"] = "ana@example.com"
    # A link has taken the fuzzer to something that is there already.
    linked = case.meta is not None and case.meta.phase.name.name == "STATEFUL" and getattr(case.meta.phase.data, "transition", None)
    # Boundaries are asked for as they are.
    boundary = case.meta is not None and case.meta.phase.name.name == "COVERAGE"
    if not linked and not boundary and chance.random() < AIMED:
        aim(case)


@schemathesis.hook
def after_call(context, case, response):
    global last_written
    of_operation = counts.setdefault(case.operation.label, {})
    status = str(response.status_code)
    of_operation[status] = of_operation.get(status, 0) + 1
    last_written += 1
    if last_written % 25 == 0:
        write()


def write():
    with open(COUNTS, "w", encoding="utf-8") as file:
        json.dump(counts, file)


import atexit

atexit.register(write)
