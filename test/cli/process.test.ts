import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, run, start } from '../support/child.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line, as a process on an embedded folder', () => {
  const environment = { DATA_DIR: path.join(folder, 'data') };

  it('prints one JSON document and nothing else', async () => {
    const created = await run(['tenant', 'create', 'acme', '--profile', 'rfc', '--json'], environment);
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(created.out)).toMatchObject({ tenant: { slug: 'acme', profile: 'rfc', grade: 'lenient' } });
    const issued = await run(['token', 'issue', 'acme', '--scope', 'scim:read', '--json'], environment);
    expect(issued).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(issued.out)).toMatchObject({
      token: expect.stringMatching(/^rc\.[\w-]{22}\.[a-z0-9]{8}\.[\w-]{43}$/),
      credential: { scopes: ['scim:read'] },
    });
  });

  it('says in one line why it was refused, with exit code 1', async () => {
    const refused = await run(['tenant', 'create', 'acme', '--json'], environment);
    expect(refused).toEqual({ code: 1, out: '', err: 'There is a tenant "acme" already; choose another name.\n' });
  });

  it('says what was not understood, with exit code 2', async () => {
    const misused = await run(['tenant', 'create'], environment);
    expect(misused).toMatchObject({ code: 2, out: '' });
    expect(misused.err).toContain("missing required argument 'name'");
  });
});

describe('a folder that a server holds', () => {
  let server: Child;
  const environment = { DATA_DIR: path.join(folder, 'held'), PORT: '0' };
  beforeAll(async () => {
    server = start(['serve'], environment);
    await server.prints(/shown only now/);
  });
  afterAll(async () => {
    server.process.kill('SIGTERM');
    await server.ended;
  });

  it('is left alone by commands, which name the route that does the same', async () => {
    const { code, out, err } = await run(['token', 'issue', 'rfc'], environment);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`in use by process ${server.process.pid}`);
    expect(err).toContain('POST /admin/tenants/rfc/tokens');
    expect(err).toContain('docs/operations.md');
    expect(err.trimEnd()).not.toContain('\n');
  });

  it('is left alone by another server', async () => {
    const { code, out, err } = await run(['serve'], environment);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^The embedded database is in use by process \d+\.[^\n]*\n$/);
  });
});
