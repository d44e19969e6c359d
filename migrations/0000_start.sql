CREATE TABLE "attribute_values" (
	"tenant_id" uuid NOT NULL,
	"attribute" integer NOT NULL,
	"value" text collate "C" NOT NULL,
	"resource_id" uuid NOT NULL,
	"element" smallint NOT NULL,
	"tag" text collate "C",
	"full_value" text collate "C",
	CONSTRAINT "attribute_values_tenant_id_attribute_value_resource_id_element_pk" PRIMARY KEY("tenant_id","attribute","value","resource_id","element")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"scheme" text NOT NULL,
	"prefix" text NOT NULL,
	"secret_hash" text collate "C" NOT NULL,
	"scopes" text[] NOT NULL,
	"label" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "credentials_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"type" smallint NOT NULL,
	"resource_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"attributes" text[] NOT NULL,
	"actor" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"tenant_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"type" smallint NOT NULL,
	CONSTRAINT "members_tenant_id_group_id_member_id_pk" PRIMARY KEY("tenant_id","group_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"type" smallint NOT NULL,
	"unique_key" text collate "C",
	"external_id" text collate "C",
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"doc" text NOT NULL,
	"display" text collate "C",
	"password_hash" text,
	CONSTRAINT "resources_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text collate "C" NOT NULL,
	"profile" text NOT NULL,
	"grade" text NOT NULL,
	"roles" jsonb NOT NULL,
	"owner_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attribute_values_resource" ON "attribute_values" USING btree ("tenant_id","resource_id");--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_secret" ON "credentials" USING btree ("tenant_id","secret_hash");--> statement-breakpoint
CREATE INDEX "events_resource" ON "events" USING btree ("tenant_id","resource_id","id");--> statement-breakpoint
CREATE INDEX "members_member" ON "members" USING btree ("tenant_id","member_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "resources_unique_key" ON "resources" USING btree ("tenant_id","type","unique_key");--> statement-breakpoint
CREATE INDEX "resources_list" ON "resources" USING btree ("tenant_id","type","id");--> statement-breakpoint
CREATE INDEX "resources_external_id" ON "resources" USING btree ("tenant_id","type","external_id");--> statement-breakpoint
CREATE INDEX "resources_updated_at" ON "resources" USING btree ("tenant_id","type","updated_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_slug" ON "tenants" USING btree ("slug");