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
ALTER TABLE "tenants" ADD COLUMN "token_life" integer;--> statement-breakpoint
ALTER TABLE "oauth_assertions" ADD CONSTRAINT "oauth_assertions_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_clients" ADD CONSTRAINT "oauth_clients_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_issuers" ADD CONSTRAINT "oauth_issuers_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_secrets" ADD CONSTRAINT "oauth_secrets_client" FOREIGN KEY ("tenant_id","client_id") REFERENCES "public"."oauth_clients"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "oauth_clients_prefix" ON "oauth_clients" USING btree ("tenant_id","prefix");--> statement-breakpoint
CREATE INDEX "oauth_issuers_audience" ON "oauth_issuers" USING btree ("issuer","audience");