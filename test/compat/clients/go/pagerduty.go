package main

import (
	"context"

	"github.com/PagerDuty/go-pagerduty"
)

const eventsKey = "compat-events-v2-key-000000000000"

func reference(id, kind string) *pagerduty.APIReference {
	return &pagerduty.APIReference{ID: id, Type: kind}
}

// Set: WithAPIEndpoint and WithV2EventsAPIEndpoint.
func pagerdutyScenario() {
	ctx := context.Background()
	client := pagerduty.NewClient(token, pagerduty.WithAPIEndpoint(httpURL+"/pagerduty"), pagerduty.WithV2EventsAPIEndpoint(httpURL+"/pagerduty"))
	event := func(action string) func() (*pagerduty.V2EventResponse, error) {
		return func() (*pagerduty.V2EventResponse, error) {
			return client.ManageEventWithContext(ctx, &pagerduty.V2Event{
				RoutingKey: eventsKey, Action: action, DedupKey: "go/cpu",
				Payload: &pagerduty.V2Payload{Summary: "go: cpu is busy", Source: "web1", Severity: "critical"},
			})
		}
	}
	wanted(step("trigger", event("trigger")).Status == "success", "trigger")
	step("acknowledge", event("acknowledge"))
	step("resolve", event("resolve"))
	step("change", func() (*pagerduty.ChangeEventResponse, error) {
		return client.CreateChangeEventWithContext(ctx, pagerduty.ChangeEvent{
			RoutingKey: eventsKey, Payload: pagerduty.ChangeEventPayload{Summary: "go deployed", Source: "ci"},
		})
	})
	services := step("services", func() (*pagerduty.ListServiceResponse, error) {
		return client.ListServicesWithContext(ctx, pagerduty.ListServiceOptions{Query: "Payments"})
	})
	users := step("users", func() (*pagerduty.ListUsersResponse, error) {
		return client.ListUsersWithContext(ctx, pagerduty.ListUsersOptions{Query: "bob"})
	})
	create := func(title string) func() (*pagerduty.Incident, error) {
		return func() (*pagerduty.Incident, error) {
			return client.CreateIncidentWithContext(ctx, "ana@example.com", &pagerduty.CreateIncidentOptions{
				Title: title, IncidentKey: "go/" + title, Service: reference(services.Services[0].ID, "service_reference"),
				Body: &pagerduty.APIDetails{Type: "incident_body", Details: "made by go-pagerduty"},
			})
		}
	}
	first := step("create", create("first"))
	second := step("create another", create("second"))
	manage := func(change pagerduty.ManageIncidentsOptions) func() (*pagerduty.ListIncidentsResponse, error) {
		return func() (*pagerduty.ListIncidentsResponse, error) {
			return client.ManageIncidentsWithContext(ctx, "ana@example.com", []pagerduty.ManageIncidentsOptions{change})
		}
	}
	step("get", func() (*pagerduty.Incident, error) { return client.GetIncidentWithContext(ctx, first.ID) })
	step("assign", manage(pagerduty.ManageIncidentsOptions{ID: first.ID, Assignments: []pagerduty.Assignee{
		{Assignee: pagerduty.APIObject{ID: users.Users[0].ID, Type: "user_reference"}}}}))
	step("acknowledge one", manage(pagerduty.ManageIncidentsOptions{ID: first.ID, Status: "acknowledged"}))
	step("note", func() (*pagerduty.IncidentNote, error) {
		return client.CreateIncidentNoteWithContext(ctx, first.ID, pagerduty.IncidentNote{
			Content: "looking", User: pagerduty.APIObject{Summary: "ana@example.com"}})
	})
	step("notes", func() ([]pagerduty.IncidentNote, error) { return client.ListIncidentNotesWithContext(ctx, first.ID) })
	step("alerts", func() (*pagerduty.ListAlertsResponse, error) {
		return client.ListIncidentAlertsWithContext(ctx, first.ID, pagerduty.ListIncidentAlertsOptions{})
	})
	step("log entries", func() (*pagerduty.ListIncidentLogEntriesResponse, error) {
		return client.ListIncidentLogEntriesWithContext(ctx, first.ID, pagerduty.ListIncidentLogEntriesOptions{})
	})
	step("merge", func() (*pagerduty.Incident, error) {
		return client.MergeIncidentsWithContext(ctx, "ana@example.com", first.ID, []pagerduty.MergeIncidentsOptions{{ID: second.ID, Type: "incident_reference"}})
	})
	step("resolve one", manage(pagerduty.ManageIncidentsOptions{ID: first.ID, Status: "resolved"}))
	step("list", func() (*pagerduty.ListIncidentsResponse, error) {
		return client.ListIncidentsWithContext(ctx, pagerduty.ListIncidentsOptions{Statuses: []string{"resolved"}, Limit: 5})
	})
	step("on call", func() (*pagerduty.ListOnCallsResponse, error) {
		return client.ListOnCallsWithContext(ctx, pagerduty.ListOnCallOptions{})
	})
	step("escalation policies", func() (*pagerduty.ListEscalationPoliciesResponse, error) {
		return client.ListEscalationPoliciesWithContext(ctx, pagerduty.ListEscalationPoliciesOptions{})
	})
	step("schedules", func() (*pagerduty.ListSchedulesResponse, error) {
		return client.ListSchedulesWithContext(ctx, pagerduty.ListSchedulesOptions{})
	})
}

// Its functions without a client have the vendor's address fixed. Set: a proxy, and the private authority.
func pagerdutyFixedScenario() {
	step("Events v1", func() (*pagerduty.EventResponse, error) {
		return pagerduty.CreateEvent(pagerduty.Event{ServiceKey: "compat-events-v1-key-000000000000", Type: "trigger", IncidentKey: "go/v1", Description: "go: by Events v1"})
	})
	step("Events v2", func() (*pagerduty.V2EventResponse, error) {
		return pagerduty.ManageEventWithContext(context.Background(), pagerduty.V2Event{
			RoutingKey: eventsKey, Action: "trigger", DedupKey: "go/fixed",
			Payload: &pagerduty.V2Payload{Summary: "go: by a fixed address", Source: "web1", Severity: "info"},
		})
	})
}
