import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { isTransient, isUnavailable, uniqueViolation } from '../../src/storage/errors.ts';

const failure = (code: string, constraint?: string) => Object.assign(new Error(code), { code, constraint });

describe('uniqueViolation', () => {
  it('finds the constraint through the chain of causes', () => {
    const wrapped = new Error('query failed', {
      cause: new Error('again', { cause: failure('23505', 'tenants_slug') }),
    });
    expect(uniqueViolation(wrapped)).toBe('tenants_slug');
  });

  it.each([failure('23503', 'tenants_slug'), new Error('plain'), undefined, 'text'])('is undefined for %s', (error) => {
    expect(uniqueViolation(error)).toBeUndefined();
  });

  it('ends on a chain that loops', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(uniqueViolation(error)).toBeUndefined();
  });
});

describe('isTransient', () => {
  it.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
  ])('of %s is %s', (code, transient) => {
    expect(isTransient(new Error('query failed', { cause: failure(code) }))).toBe(transient);
  });
});

describe('isUnavailable', () => {
  it.each([
    ['57P01', true],
    ['57P03', true],
    ['57014', true],
    ['53300', true],
    ['08006', true],
    ['28P01', true],
    ['3D000', true],
    ['25006', true],
    ['ECONNREFUSED', true],
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['EPROTO', true],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true],
    ['ENOTFOUND', true],
    ['23505', false],
    ['22P02', false],
    ['42P01', false],
    ['XX000', false],
    ['ENOENT', false],
    ['FST_ERR_CTP_BODY_TOO_LARGE', false],
  ])('of %s is %s', (code, unavailable) => {
    expect(isUnavailable(new Error('query failed', { cause: failure(code) }))).toBe(unavailable);
  });

  it.each([new Error('plain'), undefined, 'Connection terminated unexpectedly'])('is false for %s', (error) => {
    expect(isUnavailable(error)).toBe(false);
  });

  const postgres = inject('postgres');
  it.skipIf('skip' in postgres)('is true when the pool has no connection to give in time', async () => {
    if ('skip' in postgres) return;
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1, connectionTimeoutMillis: 200 });
    const lent = await pool.connect();
    expect(isUnavailable(await pool.query('select 1').catch((error: unknown) => error))).toBe(true);
    lent.release();
    await pool.end();
  });

  it('is true when nobody answers at the address in time', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const pool = new pg.Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 50 });
    expect(isUnavailable(await pool.query('select 1').catch((error: unknown) => error))).toBe(true);
    await pool.end();
    mute.close();
  });
});
