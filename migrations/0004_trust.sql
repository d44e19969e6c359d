CREATE TABLE "seals" (
	"tenant_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"previous" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"events" uuid[] NOT NULL,
	"first_id" uuid NOT NULL,
	"last_id" uuid NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "seals_tenant_id_number_pk" PRIMARY KEY("tenant_id","number")
);
--> statement-breakpoint
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
CREATE TABLE "oauth_assertions" (
	"tenant_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"jti_hash" text collate "C" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "oauth_assertions_tenant_id_client_id_jti_hash_pk" PRIMARY KEY("tenant_id","client_id","jti_hash")
);
--> statement-breakpoint
CREATE TABLE "oauth_clients" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"prefix" text collate "C" NOT NULL,
	"scopes" text[] NOT NULL,
	"label" text,
	"user_id" uuid,
	"jwks" text,
	"jwks_uri" text,
	"allowed_ips" text[],
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "oauth_clients_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "oauth_issuers" (
	"tenant_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"issuer" text collate "C" NOT NULL,
	"audience" text collate "C" NOT NULL,
	"jwks_uri" text,
	"claims" jsonb NOT NULL,
	"direct" boolean NOT NULL,
	CONSTRAINT "oauth_issuers_tenant_id_client_id_pk" PRIMARY KEY("tenant_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "oauth_secrets" (
	"tenant_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"prefix" text collate "C" NOT NULL,
	"secret_hash" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"warned_at" timestamp (3) with time zone,
	CONSTRAINT "oauth_secrets_tenant_id_client_id_prefix_pk" PRIMARY KEY("tenant_id","client_id","prefix")
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text collate "C" PRIMARY KEY NOT NULL,
	"public_jwk" text NOT NULL,
	"private_jwk" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"signs_from" timestamp (3) with time zone NOT NULL,
	"retires_at" timestamp (3) with time zone
);
--> statement-breakpoint
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
ALTER TABLE "credentials" ADD COLUMN "allowed_ips" text[];--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "rotated_to" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "warned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "detail" text;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "token_life" integer;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "request_log" jsonb;--> statement-breakpoint
ALTER TABLE "import_batches" ADD CONSTRAINT "import_batches_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_ids" ADD CONSTRAINT "import_ids_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_assertions" ADD CONSTRAINT "oauth_assertions_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_clients" ADD CONSTRAINT "oauth_clients_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_issuers" ADD CONSTRAINT "oauth_issuers_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_secrets" ADD CONSTRAINT "oauth_secrets_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "seals_events" ON "seals" USING btree ("tenant_id","last_id","first_id");--> statement-breakpoint
CREATE UNIQUE INDEX "imports_digest" ON "imports" USING btree ("tenant_id","digest");--> statement-breakpoint
CREATE UNIQUE INDEX "oauth_clients_prefix" ON "oauth_clients" USING btree ("tenant_id","prefix");--> statement-breakpoint
CREATE INDEX "oauth_issuers_audience" ON "oauth_issuers" USING btree ("issuer","audience");--> statement-breakpoint
CREATE INDEX "oauth_secrets_expiring" ON "oauth_secrets" USING btree ("expires_at") WHERE "oauth_secrets"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "credentials_prefix" ON "credentials" USING btree ("tenant_id","prefix");--> statement-breakpoint
CREATE INDEX "credentials_expiring" ON "credentials" USING btree ("expires_at") WHERE "credentials"."revoked_at" is null;