package main

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/opsgenie/opsgenie-go-sdk-v2/alert"
	"github.com/opsgenie/opsgenie-go-sdk-v2/client"
	"github.com/opsgenie/opsgenie-go-sdk-v2/heartbeat"
	"github.com/sirupsen/logrus"
)

// Set: OpsGenieAPIURL, which takes a host alone (http where it has no "api" in it), and the key.
func opsgenieScenario() {
	ctx := context.Background()
	quiet := logrus.New()
	quiet.SetOutput(io.Discard)
	config := &client.Config{
		ApiKey:         "compat-opsgenie-key-0000000000000",
		OpsGenieAPIURL: client.ApiUrl(strings.TrimPrefix(httpURL, "http://")),
		Logger:         quiet,
	}
	alerts, err := alert.NewClient(config)
	wanted(err == nil, err)
	const alias = "opsgenie-go-disk"
	done := func(name string, call func() (*alert.AsyncAlertResult, error)) {
		result := step(name, call)
		status, err := result.RetrieveStatus(ctx)
		wanted(err == nil && status.IsSuccess, []any{name, err, status})
	}
	done("create", func() (*alert.AsyncAlertResult, error) {
		return alerts.Create(ctx, &alert.CreateAlertRequest{Message: "go: disk is full", Alias: alias, Priority: alert.P1,
			Tags: []string{"critical"}, Details: map[string]string{"host": "db1"}})
	})
	got := step("get", func() (*alert.GetAlertResult, error) {
		return alerts.Get(ctx, &alert.GetAlertRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	wanted(got.Message == "go: disk is full" && got.Status == "open", got)
	done("acknowledge", func() (*alert.AsyncAlertResult, error) {
		return alerts.Acknowledge(ctx, &alert.AcknowledgeAlertRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	done("unacknowledge", func() (*alert.AsyncAlertResult, error) {
		return alerts.Unacknowledge(ctx, &alert.UnacknowledgeAlertRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	done("note", func() (*alert.AsyncAlertResult, error) {
		return alerts.AddNote(ctx, &alert.AddNoteRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Note: "looking"})
	})
	done("tags", func() (*alert.AsyncAlertResult, error) {
		return alerts.AddTags(ctx, &alert.AddTagsRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Tags: []string{"disk"}})
	})
	done("details", func() (*alert.AsyncAlertResult, error) {
		return alerts.AddDetails(ctx, &alert.AddDetailsRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Details: map[string]string{"rack": "7"}})
	})
	done("priority", func() (*alert.AsyncAlertResult, error) {
		return alerts.UpdatePriority(ctx, &alert.UpdatePriorityRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Priority: alert.P2})
	})
	done("message", func() (*alert.AsyncAlertResult, error) {
		return alerts.UpdateMessage(ctx, &alert.UpdateMessageRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Message: "go: disk is nearly full"})
	})
	done("snooze", func() (*alert.AsyncAlertResult, error) {
		return alerts.Snooze(ctx, &alert.SnoozeAlertRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, EndTime: time.Now().Add(time.Hour)})
	})
	done("assign", func() (*alert.AsyncAlertResult, error) {
		return alerts.AssignAlert(ctx, &alert.AssignRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias, Owner: alert.User{Username: "bob@example.com"}})
	})
	step("list", func() (*alert.ListAlertResult, error) {
		return alerts.List(ctx, &alert.ListAlertRequest{Limit: 5, Query: "status:open"})
	})
	step("count", func() (*alert.CountAlertResult, error) {
		return alerts.CountAlerts(ctx, &alert.CountAlertsRequest{Query: "status:open"})
	})
	step("notes", func() (*alert.ListAlertNotesResult, error) {
		return alerts.ListAlertNotes(ctx, &alert.ListAlertNotesRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	step("logs", func() (*alert.ListAlertLogsResult, error) {
		return alerts.ListAlertLogs(ctx, &alert.ListAlertLogsRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	done("close", func() (*alert.AsyncAlertResult, error) {
		return alerts.Close(ctx, &alert.CloseAlertRequest{IdentifierType: alert.ALIAS, IdentifierValue: alias})
	})
	beats, err := heartbeat.NewClient(config)
	wanted(err == nil, err)
	on := true
	step("heartbeat add", func() (*heartbeat.AddResult, error) {
		return beats.Add(ctx, &heartbeat.AddRequest{Name: "go-cron", Interval: 10, IntervalUnit: heartbeat.Minutes, Enabled: &on})
	})
	step("heartbeat ping", func() (*heartbeat.PingResult, error) { return beats.Ping(ctx, "go-cron") })
	step("heartbeat get", func() (*heartbeat.GetResult, error) { return beats.Get(ctx, "go-cron") })
	step("heartbeat list", func() (*heartbeat.ListResult, error) { return beats.List(ctx) })
	step("heartbeat delete", func() (*heartbeat.DeleteResult, error) { return beats.Delete(ctx, "go-cron") })
}
