// What the server is compared with: Fastify and one prepared statement, with nothing of SCIM. It is a process of its own.
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import pg from 'pg';
import { person } from './people.ts';

const CONNECTIONS = 10;

// Connections stay open between its turns, as those of the server do.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: CONNECTIONS, idleTimeoutMillis: 0 });
await pool.query('drop table if exists bench_floor');
await pool.query(
  'create table bench_floor (tenant_id uuid not null, id uuid not null, doc text not null, primary key (tenant_id, id))',
);
const tenantId = randomUUID();
const stored = asServed(person(1), randomUUID());
await insert(stored);

const app = Fastify({ logger: false });
app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, (_request, body, done) => {
  done(null, JSON.parse(String(body)));
});
app.get('/Users/one', async (_request, reply) => {
  const { rows } = await pool.query<{ doc: string }>({
    name: 'read',
    text: 'select doc from bench_floor where tenant_id = $1 and id = $2',
    values: [tenantId, stored.id],
  });
  return reply.type('application/scim+json').send(rows[0]?.doc);
});
app.post('/Users', async (request, reply) => {
  const created = asServed(request.body as object, randomUUID());
  const doc = await insert(created);
  return reply.code(201).type('application/scim+json').send(doc);
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`port ${(app.server.address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => {
  void app.close().then(() => pool.end());
});

function asServed(body: object, id: string) {
  const now = new Date().toISOString();
  return { ...body, id, meta: { resourceType: 'User', created: now, lastModified: now, version: 'W/"1"' } };
}

async function insert(created: { id: string }): Promise<string> {
  const doc = JSON.stringify(created);
  const text = 'insert into bench_floor (tenant_id, id, doc) values ($1, $2, $3)';
  await pool.query({ name: 'insert', text, values: [tenantId, created.id, doc] });
  return doc;
}
