CREATE TABLE "request_log" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"request_id" text NOT NULL,
	"credential" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"route" text NOT NULL,
	"status" smallint NOT NULL,
	"scim_type" text NOT NULL,
	"microseconds" integer NOT NULL,
	"subjects" text NOT NULL,
	"request_body" text NOT NULL,
	"response_body" text NOT NULL,
	"details" text NOT NULL,
	"missed" integer NOT NULL,
	"size" integer NOT NULL,
	CONSTRAINT "request_log_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "request_log" jsonb;