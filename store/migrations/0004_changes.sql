CREATE TABLE "tocsin"."change_events" (
	"row" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tocsin"."change_events_row_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"service" text,
	"at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"change" text NOT NULL,
	CONSTRAINT "change_events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE INDEX "change_events_at_row_index" ON "tocsin"."change_events" USING btree ("at","row");--> statement-breakpoint
CREATE INDEX "change_events_service_at_row_index" ON "tocsin"."change_events" USING btree ("service","at","row");--> statement-breakpoint
CREATE INDEX "change_events_received_at_index" ON "tocsin"."change_events" USING btree ("received_at");