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
ALTER TABLE "events" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "detail" text;--> statement-breakpoint
CREATE INDEX "seals_events" ON "seals" USING btree ("tenant_id","last_id","first_id");