CREATE TABLE "tocsin"."maintenance_windows" (
	"id" text PRIMARY KEY NOT NULL,
	"end" bigint,
	"window" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tocsin"."release_turns" (
	"service" text NOT NULL,
	"incident" text NOT NULL,
	"urgency" text NOT NULL,
	"created_at" bigint NOT NULL,
	"joined_at" bigint NOT NULL,
	"back_at" bigint NOT NULL,
	"turn_at" bigint,
	CONSTRAINT "release_turns_service_incident_pk" PRIMARY KEY("service","incident")
);
--> statement-breakpoint
CREATE INDEX "maintenance_windows_end_index" ON "tocsin"."maintenance_windows" USING btree ("end");