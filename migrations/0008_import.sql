CREATE TABLE "import_batches" (
	"tenant_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"pass" smallint NOT NULL,
	"batch" integer NOT NULL,
	"created" integer NOT NULL,
	"replaced" integer NOT NULL,
	"skipped" integer NOT NULL,
	"problems" text NOT NULL,
	"unfinished" text NOT NULL,
	CONSTRAINT "import_batches_tenant_id_import_id_pass_batch_pk" PRIMARY KEY("tenant_id","import_id","pass","batch")
);
--> statement-breakpoint
CREATE TABLE "import_ids" (
	"tenant_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"source" text collate "C" NOT NULL,
	"resource_id" uuid NOT NULL,
	CONSTRAINT "import_ids_tenant_id_import_id_source_pk" PRIMARY KEY("tenant_id","import_id","source")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"digest" text collate "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "imports_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_ids" ADD CONSTRAINT "import_ids_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "imports_digest" ON "imports" USING btree ("tenant_id","digest");