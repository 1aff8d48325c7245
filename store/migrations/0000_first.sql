CREATE SCHEMA IF NOT EXISTS "tocsin";
--> statement-breakpoint
CREATE TABLE "tocsin"."ignored_events" (
	"row" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tocsin"."ignored_events_row_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"at" bigint NOT NULL,
	"outcome" text NOT NULL,
	"integration" text NOT NULL,
	"event" text NOT NULL,
	CONSTRAINT "ignored_events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."incident_numbers" (
	"incident" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	CONSTRAINT "incident_numbers_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."last_number" (
	"single" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"number" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tocsin"."log_entries" (
	"incident" text NOT NULL,
	"number" integer NOT NULL,
	"view" text NOT NULL,
	CONSTRAINT "log_entries_incident_number_pk" PRIMARY KEY("incident","number")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."notifications" (
	"incident" text NOT NULL,
	"number" integer NOT NULL,
	"view" text NOT NULL,
	CONSTRAINT "notifications_incident_number_pk" PRIMARY KEY("incident","number")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."texts" (
	"incident" text NOT NULL,
	"notification" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "texts_incident_notification_pk" PRIMARY KEY("incident","notification")
);
--> statement-breakpoint
CREATE INDEX "ignored_events_at_row_index" ON "tocsin"."ignored_events" USING btree ("at","row");--> statement-breakpoint
CREATE INDEX "ignored_events_integration_at_row_index" ON "tocsin"."ignored_events" USING btree ("integration","at","row");