"""Opsgenie's SDK. Set: `host`, the key, and `retry_enabled` off, so that a fault is seen at once."""

import time
from datetime import datetime, timedelta, timezone

import opsgenie_sdk
from steps import HTTP, step, wanted

configuration = opsgenie_sdk.configuration.Configuration()
configuration.host = f"{HTTP}/opsgenie"
configuration.api_key["Authorization"] = "compat-opsgenie-key-0000000000000"
configuration.retry_enabled = False
client = opsgenie_sdk.ApiClient(configuration=configuration)
alerts = opsgenie_sdk.AlertApi(api_client=client)
ALIAS = "opsgenie-python/disk 1"
by_alias = {"identifier": ALIAS, "identifier_type": "alias"}


def outcome(request):
    for _ in range(50):
        try:
            return alerts.get_request_status(request_id=request.request_id).data
        except opsgenie_sdk.ApiException as error:
            if error.status != 404:
                raise
            time.sleep(0.2)
    raise SystemExit("never processed")


made = step(
    "create",
    lambda: alerts.create_alert(
        create_alert_payload=opsgenie_sdk.CreateAlertPayload(
            message="python: disk is full", alias=ALIAS, tags=["critical"], details={"host": "db1"}, priority="P1"
        )
    ),
)
wanted(outcome(made).is_success, "create")
got = step("get", lambda: alerts.get_alert(**by_alias).data)
wanted(got.message == "python: disk is full" and got.status == "open", got)
wanted(outcome(step("acknowledge without a body", lambda: alerts.acknowledge_alert(**by_alias))).is_success, "acknowledge")
step("unacknowledge", lambda: alerts.un_acknowledge_alert(**by_alias))
wanted(outcome(step("note", lambda: alerts.add_note(**by_alias, add_note_to_alert_payload=opsgenie_sdk.AddNoteToAlertPayload(note="looking")))).is_success, "note")
step("list notes", lambda: [one.note for one in alerts.list_notes(**by_alias).data])
step("tags", lambda: alerts.add_tags(**by_alias, add_tags_to_alert_payload=opsgenie_sdk.AddTagsToAlertPayload(tags=["disk"])))
step("remove tags", lambda: alerts.remove_tags(**by_alias, tags=["disk"]))
step("details", lambda: alerts.add_details(**by_alias, add_details_to_alert_payload=opsgenie_sdk.AddDetailsToAlertPayload(details={"rack": "7"})))
step("remove details", lambda: alerts.remove_details(**by_alias, keys=["rack"]))
step("priority", lambda: alerts.update_alert_priority(**by_alias, update_alert_priority_payload=opsgenie_sdk.UpdateAlertPriorityPayload(priority="P2")))
step("message", lambda: alerts.update_alert_message(**by_alias, update_alert_message_payload=opsgenie_sdk.UpdateAlertMessagePayload(message="python: disk is nearly full")))
step("description", lambda: alerts.update_alert_description(**by_alias, update_alert_description_payload=opsgenie_sdk.UpdateAlertDescriptionPayload(description="97 %")))
step("snooze", lambda: alerts.snooze_alert(**by_alias, snooze_alert_payload=opsgenie_sdk.SnoozeAlertPayload(end_time=datetime.now(timezone.utc) + timedelta(hours=1))))
step("assign", lambda: alerts.assign_alert(**by_alias, assign_alert_payload=opsgenie_sdk.AssignAlertPayload(owner=opsgenie_sdk.UserRecipient(username="bob@example.com"))))
step("escalate", lambda: alerts.escalate_alert(**by_alias, escalate_alert_to_next_payload=opsgenie_sdk.EscalateAlertToNextPayload(escalation=opsgenie_sdk.EscalationRecipient(name="payments"))))
step("list", lambda: len(alerts.list_alerts(query="status:open", limit=10).data))
step("count", lambda: alerts.count_alerts(query="status:open").data.count)
step("logs", lambda: len(alerts.list_logs(**by_alias).data))
step("recipients", lambda: len(alerts.list_recipients(**by_alias).data))
wanted(outcome(step("close without a body", lambda: alerts.close_alert(**by_alias))).is_success, "close")
beats = opsgenie_sdk.HeartbeatApi(api_client=client)
step("heartbeat create", lambda: beats.create_heartbeat(create_heartbeat_payload=opsgenie_sdk.CreateHeartbeatPayload(name="python-cron", interval=10, interval_unit="minutes", enabled=True)))
step("heartbeat ping", lambda: beats.ping(name="python-cron"))
step("heartbeat get", lambda: beats.get_heartbeat(name="python-cron").data.name)
step("heartbeat list", lambda: len(beats.list_heart_beats().data.heartbeats))
step("heartbeat disable", lambda: beats.disable_heartbeat(name="python-cron"))
step("heartbeat enable", lambda: beats.enable_heartbeat(name="python-cron"))
step("heartbeat delete", lambda: beats.delete_heartbeat(name="python-cron"))
