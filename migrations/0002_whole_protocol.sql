CREATE TABLE "resource_types" (
	"tenant_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"name" text collate "C" NOT NULL,
	"definition" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "resource_types_tenant_id_number_pk" PRIMARY KEY("tenant_id","number")
);
--> statement-breakpoint
CREATE TABLE "schemas" (
	"tenant_id" uuid NOT NULL,
	"urn" text collate "C" NOT NULL,
	"definition" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "schemas_tenant_id_urn_pk" PRIMARY KEY("tenant_id","urn")
);
--> statement-breakpoint
CREATE TABLE "unique_values" (
	"tenant_id" uuid NOT NULL,
	"attribute" integer NOT NULL,
	"value" text collate "C" NOT NULL,
	"resource_id" uuid NOT NULL,
	CONSTRAINT "unique_values_tenant_id_attribute_value_pk" PRIMARY KEY("tenant_id","attribute","value")
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "features" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "resource_types" ADD CONSTRAINT "resource_types_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schemas" ADD CONSTRAINT "schemas_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "resource_types_name" ON "resource_types" USING btree ("tenant_id",lower("name")) WHERE "resource_types"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "unique_values_resource" ON "unique_values" USING btree ("tenant_id","resource_id");