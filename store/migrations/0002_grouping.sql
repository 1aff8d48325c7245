CREATE TABLE "tocsin"."group_windows" (
	"group" text PRIMARY KEY NOT NULL,
	"since" bigint NOT NULL,
	"last_new_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tocsin"."grouped_alerts" (
	"alert" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"key" text NOT NULL,
	"since" bigint,
	"heard_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "group_windows_ends_at_index" ON "tocsin"."group_windows" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "grouped_alerts_heard_at_index" ON "tocsin"."grouped_alerts" USING btree ("heard_at");