import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { shows } from './support/conformance.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(content: string): string {
  const file = path.join(folder, `${++files}.json`);
  writeFileSync(file, content);
  return file;
}

function problems(environment: Record<string, string>, file?: string): readonly string[] {
  try {
    readConfig(environment, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have defaults', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      publicUrl: undefined,
      trustedProxies: undefined,
      databaseUrl: undefined,
      databaseReadUrl: undefined,
      poolSize: 10,
      preparedStatements: true,
      statementTimeoutMs: 10_000,
      dataDir: './data',
      logLevel: 'info',
      requestLog: { keep: 'bodies', days: 7, megabytes: 100 },
    });
  });

  it('come from the environment', () => {
    const environment = {
      PORT: '0',
      HOST: '::1',
      PUBLIC_URL: 'https://scim.example.com/idp/',
      DATABASE_URL: 'postgres://u:p@db:5432/rollcall',
      DATABASE_READ_URL: 'postgres://u:p@replica:5432/rollcall',
      POOL_SIZE: '25',
      PREPARED_STATEMENTS: 'off',
      STATEMENT_TIMEOUT: '0',
      DATA_DIR: 'memory:',
      LOG_LEVEL: 'silent',
      REQUEST_LOG: 'headers',
      REQUEST_LOG_DAYS: '30',
      REQUEST_LOG_MEGABYTES: '1',
      PATH: '/usr/bin',
    };
    expect(readConfig(environment)).toEqual({
      port: 0,
      host: '::1',
      publicUrl: 'https://scim.example.com/idp',
      databaseUrl: 'postgres://u:p@db:5432/rollcall',
      databaseReadUrl: 'postgres://u:p@replica:5432/rollcall',
      poolSize: 25,
      preparedStatements: false,
      statementTimeoutMs: 0,
      dataDir: 'memory:',
      logLevel: 'silent',
      requestLog: { keep: 'headers', days: 30, megabytes: 1 },
    });
  });

  it('come from a file, and the environment wins over it', () => {
    const file = fileWith('{"PORT": 9000, "LOG_LEVEL": "warn", "DATA_DIR": "/srv/rollcall"}');
    expect(readConfig({ PORT: '9001' }, file)).toMatchObject({
      port: 9001,
      logLevel: 'warn',
      dataDir: '/srv/rollcall',
    });
  });

  it('count as not set when they are empty in the environment', () => {
    expect(readConfig({ PORT: '', PUBLIC_URL: '', DATABASE_URL: '', ROLLCALL_PORT: '', DATABASE_URI: '' }).port).toBe(
      8080,
    );
  });

  it.each([
    ['PORT', '65535', true],
    ['PORT', '65536', false],
    ['PORT', '-1', false],
    ['PORT', '8080.5', false],
    ['PORT', 'http', false],
    ['PORT', '0x50', false],
    ['HOST', 'db.internal', true],
    ['HOST', 'no host', false],
    ['PUBLIC_URL', 'http://localhost:8080', true],
    ['PUBLIC_URL', 'scim.example.com', false],
    ['PUBLIC_URL', 'https://scim.example.com/?a=b', false],
    ['PUBLIC_URL', 'https://[', false],
    ['PUBLIC_URL', 'https://scim.example.com/scim/v2/', false],
    ['DATABASE_URL', 'postgresql://localhost/rollcall', true],
    ['DATABASE_URL', 'mysql://localhost/rollcall', false],
    ['DATABASE_URL', 'postgres://u:p@host:port/db', false],
    ['JWKS_HOSTS', 'login.microsoftonline.com, *.okta.com,idp.example:8443,[2001:db8::1]', true],
    ['JWKS_HOSTS', 'https://login.microsoftonline.com', false],
    ['JWKS_HOSTS', '*', false],
    ['JWKS_HOSTS', 'a.example;b.example', false],
    ['JWKS_PRIVATE_HOSTS', 'localhost:9000', true],
    ['JWKS_PRIVATE_HOSTS', 'a b', false],
    ['SIGNING_KEY_SECRET', 'x'.repeat(32), true],
    ['SIGNING_KEY_SECRET', 'x'.repeat(31), false],
    ['LOG_LEVEL', 'debug', true],
    ['LOG_LEVEL', 'loud', false],
  ])('%s=%s is fine: %s', shows('7644-1.3-1'), (name, value, fine) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(fine ? 0 : 1);
    if (!fine) expect(found[0]).toContain(`The setting ${name}`);
  });

  it('take a replica only beside the server of which it is one', () => {
    const replica = { DATABASE_READ_URL: 'postgres://replica/rollcall' };
    expect(problems(replica)).toEqual([expect.stringContaining('without DATABASE_URL')]);
    expect(problems({ ...replica, DATABASE_URL: 'postgres://db/rollcall' })).toEqual([]);
  });

  it('are checked whole: every problem is told, each in a line of its own', () => {
    const file = fileWith('{"LOG_LEVEL": 7, "PROT": 1}');
    const found = problems({ PORT: 'x', ROLLCALL_NOPE: '1' }, file);
    expect(found).toHaveLength(4);
    for (const problem of found) expect(problem).not.toContain('\n');
  });

  it('never show the secret in a database URL', () => {
    expect(problems({ DATABASE_URL: 'mysql://root:hunter2@db/x' }).join()).not.toContain('hunter2');
    expect(problems({ SIGNING_KEY_SECRET: 'hunter2' }).join()).not.toContain('hunter2');
    const file = fileWith('{"DATABASE_URL": "postgres://u:hunter2@db/x" "PORT": 1}');
    expect(problems({}, file).join()).not.toContain('hunter2');
  });
});

describe('unknown settings', () => {
  it.each([
    ['ROLLCALL_PORT', 'Did you mean PORT?'],
    ['ROLLCALL_DATABASE_URI', 'Did you mean DATABASE_URL?'],
    ['ROLLCALL_COLOUR', 'The settings are PORT, HOST'],
    ['DATABASE_URI', 'Did you mean DATABASE_URL?'],
    ['DATADIR', 'Did you mean DATA_DIR?'],
  ])('%s in the environment is refused', (name, hint) => {
    const found = problems({ [name]: 'x' });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`There is no setting ${name}`);
    expect(found[0]).toContain(hint);
  });

  it("that are another program's, or the tests', are let be", () => {
    expect(problems({ HOSTS: 'x', SPORT: 'x', XDG_DATA_DIRS: 'x', DB_URL: 'x', ROLLCALL_TEST_ANYTHING: '1' })).toEqual(
      [],
    );
  });

  it('that resemble one which is set are let be', () => {
    expect(problems({ DATABASE_URI: 'x', DATABASE_URL: 'postgres://localhost/a' })).toEqual([]);
  });

  it('in the file are refused with what was meant', () => {
    expect(problems({}, fileWith('{"port": 1}'))[0]).toContain('Did you mean PORT?');
    expect(problems({}, fileWith('{"__proto__": 1}'))).toHaveLength(1);
  });
});

describe('the file', () => {
  it.each([
    ['not JSON', 'PORT=8080', 'is not JSON'],
    ['no object', '[]', 'must hold a JSON object'],
    ['null', 'null', 'must hold a JSON object'],
  ])('that is %s is refused', (_, content, words) => {
    expect(problems({}, fileWith(content))).toEqual([expect.stringContaining(words)]);
  });

  it('that is missing is refused', () => {
    expect(problems({}, path.join(folder, 'none.json'))).toEqual([
      expect.stringContaining("can't be read (ENOENT); name one with settings after --config"),
    ]);
  });
});
