CREATE TABLE "tocsin"."round_robin_last" (
	"policy" text NOT NULL,
	"level" integer NOT NULL,
	"target" integer NOT NULL,
	CONSTRAINT "round_robin_last_policy_level_pk" PRIMARY KEY("policy","level")
);
--> statement-breakpoint
CREATE TABLE "tocsin"."round_robin_turns" (
	"incident" text NOT NULL,
	"policy" text NOT NULL,
	"level" integer NOT NULL,
	"target" integer NOT NULL,
	CONSTRAINT "round_robin_turns_incident_policy_level_pk" PRIMARY KEY("incident","policy","level")
);
