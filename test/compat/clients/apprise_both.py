"""apprise with its plug-ins for PagerDuty and Opsgenie, whose addresses cannot be set. Set: a proxy, and the private authority."""

import apprise
from steps import step, wanted


def notified(url):
    return apprise.Apprise([url]).notify(title="apprise: disk is full", body="97 %", notify_type=apprise.NotifyType.FAILURE)


# As its users write them; the addresses are the vendors', reached through HTTPS_PROXY.
step("PagerDuty", lambda: wanted(notified("pagerduty://compat-events-v2-key-000000000000@apikey/"), "PagerDuty"))
step("Opsgenie", lambda: wanted(notified("opsgenie://compat-opsgenie-key-0000000000000/"), "Opsgenie"))
