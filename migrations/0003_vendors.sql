CREATE TABLE "rate_windows" (
	"tenant_id" uuid NOT NULL,
	"subject" uuid NOT NULL,
	"second" integer NOT NULL,
	"taken" integer NOT NULL,
	CONSTRAINT "rate_windows_tenant_id_subject_second_pk" PRIMARY KEY("tenant_id","subject","second")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"resource_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"attributes" text[] NOT NULL,
	"before" text,
	"after" text,
	"claimed_by" text,
	"note" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tasks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "kind" text DEFAULT 'organization' NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "roles" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "plan" text DEFAULT 'enterprise' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "sandbox_of" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "own_profile" text;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "rate_limit" integer;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "faults" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tasks_status" ON "tasks" USING btree ("tenant_id","status","id");--> statement-breakpoint
CREATE INDEX "tasks_resource" ON "tasks" USING btree ("tenant_id","resource_id","id");