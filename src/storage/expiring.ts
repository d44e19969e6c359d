import { type SQL, sql } from 'drizzle-orm';
import { type Database, rows } from './handle.ts';

/** A credential, or a secret of an OAuth client, that is about to expire. */
export interface Expiring {
  readonly tenantId: string;
  /** Of the credential, or of the client whose secret it is. */
  readonly id: string;
  readonly prefix: string;
  /** The prefix of the client whose secret it is. */
  readonly client: string | null;
  readonly label: string | null;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

/** When something is warned of. */
export interface WarningTime {
  /** So many days before it expires. */
  readonly days: number;
  /** And within the last part of its life that this share is. */
  readonly share: number;
}

type Row = Omit<Expiring, 'expiresAt' | 'lastUsedAt'> & {
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
};

/**
 * What is live in all tenants and is to be warned of; each is given once, to whichever process asks first. What has a
 * successor is left out.
 */
export async function claimExpiring(db: Database, now: Date, { days, share }: WarningTime): Promise<Expiring[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const due = (
    row: SQL,
  ) => sql`${row}.warned_at is null and ${row}.expires_at < ${at} + make_interval(days => ${days}::int)
    and ${row}.expires_at - ${at} < (${row}.expires_at - ${row}.created_at) * ${share}::float8`;
  const tokens = await rows<Row>(
    db,
    sql`update credentials c set warned_at = ${at}
      where ${unreplacedToken(at)} and ${due(sql`c`)} returning ${TOKEN}`,
  );
  const secrets = await rows<Row>(
    db,
    sql`update oauth_secrets s set warned_at = ${at} from oauth_clients c
      where ${unreplacedSecret(at)} and ${due(sql`s`)} returning ${SECRET}`,
  );
  return [...tokens, ...secrets].map(expiringOf);
}

/** What was claimed and is still live and without a successor, those first that expire first. */
export async function listWarned(db: Database, now: Date, limit: number): Promise<Expiring[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const found = await rows<Row>(
    db,
    sql`select ${TOKEN} from credentials c where ${unreplacedToken(at)} and c.warned_at is not null
      union all select ${SECRET} from oauth_secrets s, oauth_clients c where ${unreplacedSecret(at)} and s.warned_at is not null
      order by "expiresAt" limit ${limit}::int`,
  );
  return found.map(expiringOf);
}

const TOKEN = columns(sql`c.id`, sql`c`, sql`null::text`);
const SECRET = columns(sql`s.client_id`, sql`s`, sql`c.prefix`);

function columns(id: SQL, row: SQL, client: SQL): SQL {
  return sql`${row}.tenant_id as "tenantId", ${id} as id, ${row}.prefix, ${client} as client, c.label,
    (extract(epoch from ${row}.expires_at) * 1000)::float8 as "expiresAt",
    (extract(epoch from ${row}.last_used_at) * 1000)::float8 as "lastUsedAt"`;
}

function unreplacedToken(at: SQL): SQL {
  return sql`c.revoked_at is null and c.rotated_to is null and c.expires_at > ${at}`;
}

function unreplacedSecret(at: SQL): SQL {
  return sql`c.tenant_id = s.tenant_id and c.id = s.client_id and c.revoked_at is null
    and s.revoked_at is null and s.expires_at > ${at} and not exists (
      select from oauth_secrets o where o.tenant_id = s.tenant_id and o.client_id = s.client_id
        and o.revoked_at is null and o.expires_at > s.expires_at)`;
}

function expiringOf({ expiresAt, lastUsedAt, ...row }: Row): Expiring {
  return { ...row, expiresAt: new Date(expiresAt), lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt) };
}
