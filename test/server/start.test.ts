import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { send } from '../support/app.ts';
import { emptyPostgres } from '../support/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function started(environment: Record<string, string>) {
  const config: Config = readConfig({ PORT: '0', LOG_LEVEL: 'info', ...environment });
  let printed = '';
  let log = '';
  const server: RunningServer = await startServer(config, {
    print: (text) => {
      printed += text;
    },
    log: {
      write: (text) => {
        log += text;
      },
    },
    command: (words) => `rollcall ${words}`,
  });
  return { server, printed, log: () => log };
}

const TOKEN = /rc\.[\w-]{22}\.[a-z0-9]{8}\.[\w-]{43}/g;

/** The status that a printed line is answered with, which is pasted into a shell. */
async function statusOfLine(line: string): Promise<number> {
  const [, user, header, url = ''] =
    /^ {2}curl -s (?:-u (\S+)|-H "Authorization: ([^"]+)") (http\S+)$/.exec(line) ?? [];
  const authorization = user === undefined ? header : basic(user);
  return (await send(url, 'GET', undefined, undefined, { authorization })).status;
}

function basic(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword).toString('base64')}`;
}

describe('a server on an embedded folder', () => {
  const environment = { DATA_DIR: path.join(folder, 'embedded') };
  let tokens: string[] = [];

  it('makes a tenant for each profile at its first start and prints how to reach them', async () => {
    const { server, printed, log } = await started(environment);
    try {
      const base = `http://localhost:${server.port}/scim/v2`;
      expect(printed).toContain(`Rollcall serves ${base}\n`);
      expect(printed).toMatch(new RegExp(`^role-object +${base} +rc\\.`, 'm'));
      expect(printed).toMatch(new RegExp(`^rfc +${base} +rc\\.`, 'm'));
      expect(printed).not.toContain('undefined');
      expect(printed).toContain('Without any API, as what it stands for: payhawk. See docs/bridge.md.\n');
      tokens = [...new Set(printed.match(TOKEN))];
      // SCIM of four profiles, REST of two that send such tokens, and administration.
      expect(tokens).toHaveLength(7);
      const lines = printed.split('\n').filter((line) => line.startsWith('  curl -s -') && !line.includes(' -X '));
      // SCIM of four profiles, REST of three, and administration.
      expect(lines).toHaveLength(8);
      for (const line of lines) {
        expect([line, await statusOfLine(line)]).toEqual([line, 200]);
      }
      expect(log()).not.toMatch(TOKEN);
    } finally {
      await server.close();
    }
  });

  it('finds the same at its second start and prints no secret', async () => {
    const { server, printed } = await started(environment);
    try {
      expect(printed).toMatch(/^role-object +role-object +http/m);
      expect(printed).not.toMatch(TOKEN);
      expect(printed).toContain('rollcall token issue role-object   (while this server is stopped)');
      expect(printed).toContain(`/admin/tenants/role-object/tokens`);
      const answers = await Promise.all(
        tokens.slice(0, 2).map((token) => send(`http://localhost:${server.port}/scim/v2/Users`, 'GET', token)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      await server.close();
    }
  });

  it('keeps the folder from others while it runs, and gives it back', async () => {
    const { server } = await started(environment);
    await expect(started(environment)).rejects.toThrow(/^The embedded database is in use by this process/);
    await server.close();
    await (await started(environment)).server.close();
  });
});

describe('a server', () => {
  it('names itself as the settings say', async () => {
    const { server, printed } = await started({ DATA_DIR: 'memory:', PUBLIC_URL: 'https://scim.example/' });
    await server.close();
    expect(printed).toContain('Rollcall serves https://scim.example/scim/v2');
    expect(printed).toContain('in memory, gone when the server stops');
  });

  it('does not start on a port in use, and leaves nothing open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const environment = { DATA_DIR: path.join(folder, 'blocked') };
    await expect(started({ ...environment, PORT: String(port) })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use.`,
    );
    await new Promise((resolve) => other.close(resolve));
    // The tokens of the failed start were never made, so the next one shows them.
    const { server, printed } = await started(environment);
    await server.close();
    expect(printed).toMatch(TOKEN);
  });

  it('does not start on an address that the machine lacks', async () => {
    await expect(started({ DATA_DIR: 'memory:', HOST: '192.0.2.1' })).rejects.toThrow(
      'HOST 192.0.2.1 is no address of this machine.',
    );
  });

  it('makes no tenant in an empty PostgreSQL and says how to', async ({ skip }) => {
    const postgres = await emptyPostgres();
    if (!postgres) return skip('there is no PostgreSQL');
    const both = await Promise.all([1, 2].map(() => started({ DATABASE_URL: postgres.url })));
    for (const { server } of both) await server.close();
    await postgres.drop();
    for (const { printed } of both) {
      expect(printed).not.toMatch(TOKEN);
      expect(printed).toContain('rollcall tenant create acme --profile role-object\n');
      expect(printed).toContain('rollcall token issue acme\n');
    }
  });
});
