ALTER TABLE "credentials" ADD COLUMN "allowed_ips" text[];--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "rotated_to" uuid;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "warned_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "credentials_prefix" ON "credentials" USING btree ("tenant_id","prefix");--> statement-breakpoint
CREATE INDEX "credentials_expiring" ON "credentials" USING btree ("expires_at") WHERE "credentials"."revoked_at" is null and "credentials"."warned_at" is null;