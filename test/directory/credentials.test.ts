import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticate.ts';
import { SCIM_SURFACE } from '../../src/access/surfaces.ts';
import { hashOfToken, parseToken } from '../../src/access/token.ts';
import type { Context } from '../../src/directory/context.ts';
import {
  issueToken,
  listCredentials,
  MAX_LABEL_LENGTH,
  revokeCredential,
  showCredential,
  showCredentials,
} from '../../src/directory/credentials.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type Tenant } from '../../src/directory/tenants.ts';
import { isObject } from '../../src/schema/json.ts';
import { findCredentialBySecret, markUsed } from '../../src/storage/credentials.ts';
import type { Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, group, user } from '../support/directory.ts';

describeEachDatabase('credentials', (open) => {
  let context: Context;
  let tenant: Tenant;
  let now = Date.UTC(2026, 5, 1);
  const newTenant = () => createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}` });
  beforeAll(async () => {
    context = { ...systemContext((await open()).db), clock: () => new Date(now) };
    tenant = await newTenant();
  });
  const authenticate = (token: string) =>
    createAuthenticator(context.db, context.clock).authenticate(`Bearer ${token}`, SCIM_SURFACE, '127.0.0.1');

  it('are issued with a token that authenticates as the tenant', async () => {
    const { token, credential } = await issueToken(context, tenant);
    expect(parseToken(token)).toEqual({ tenantId: tenant.id, prefix: credential.prefix });
    const principal = await authenticate(token);
    expect(principal.tenant.slug).toBe(tenant.slug);
    expect(principal.credential.scopes).toEqual(['scim:read', 'scim:write']);
  });

  it('are shown without anything that gives the token away', async () => {
    const { token, credential } = await issueToken(context, tenant, {
      scopes: ['scim:write', 'scim:read', 'scim:write'],
      expiresAt: '2026-06-02T12:00:00+02:00',
      label: 'for the tests',
    });
    const shown = await showCredential(context, credential);
    expect(shown).toEqual({
      id: credential.id,
      prefix: credential.prefix,
      scheme: 'bearer',
      kind: 'organization',
      scopes: ['scim:read', 'scim:write'],
      roles: [],
      group: null,
      label: 'for the tests',
      user: null,
      status: 'live',
      createdAt: '2026-06-01T00:00:00.000Z',
      expiresAt: '2026-06-02T10:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
      allowedIps: null,
      rotatedTo: null,
    });
    const secret = token.split('.')[3] ?? '';
    const listed = await listCredentials(context, tenant);
    expect(JSON.stringify([shown, listed])).not.toContain(secret);
    expect(JSON.stringify(listed)).not.toContain(hashOfToken(token));
  });

  it('are several at a time, and one expires without the others', async () => {
    const lasting = await issueToken(context, tenant);
    const short = await issueToken(context, tenant, { expiresAt: new Date(now + 1000).toISOString() });
    await authenticate(short.token);
    now += 1000;
    await expect(authenticate(short.token)).rejects.toMatchObject({ status: 401 });
    await expect(authenticate(lasting.token)).resolves.toBeDefined();
    expect(await showCredential(context, short.credential)).toMatchObject({ status: 'expired' });
  });

  it.each(['id', 'prefix'] as const)('are revoked by their %s, once', async (by) => {
    const changed: string[] = [];
    const operator = { ...COMMAND_LINE, tenantChanged: (id: string) => void changed.push(id) };
    const { token, credential } = await issueToken(context, tenant);
    const revoked = await revokeCredential(context, operator, tenant, credential[by]);
    expect(await showCredential(context, revoked)).toMatchObject({ id: credential.id, status: 'revoked' });
    expect(changed).toEqual([tenant.id]);
    await expect(authenticate(token)).rejects.toMatchObject({ status: 401 });
    now += 1000;
    const again = await revokeCredential(context, operator, tenant, credential[by]);
    expect(again.revokedAt).toEqual(revoked.revokedAt);
  });

  it('are bound to a user by userName or id, and stop and start with that user', async () => {
    const {
      create,
      patch,
      delete: remove,
    } = directoryOn({ db: context.db } as Storage, {
      scope: { tenantId: tenant.id },
    });
    const { id } = await create('User', user('Ada@example.com'));
    const issued = await issueToken(context, tenant, { user: 'aDA@example.com' });
    const { credential } = await issueToken(context, tenant, { user: id });
    const free = await issueToken(context, tenant);
    expect([issued.credential.userId, credential.userId, free.credential.userId]).toEqual([id, id, null]);
    const statuses = async () => {
      const shown = await showCredentials(context, [issued.credential, credential, free.credential]);
      return shown.map(({ status, user }) => [status, isObject(user) ? user.userName : user]);
    };
    expect(await statuses()).toEqual([
      ['live', 'Ada@example.com'],
      ['live', 'Ada@example.com'],
      ['live', null],
    ]);
    await patch('User', id, [{ op: 'replace', path: 'active', value: false }]);
    expect((await statuses())[0]).toEqual(['suspended', 'Ada@example.com']);
    await expect(authenticate(issued.token)).rejects.toMatchObject({ status: 401 });
    await patch('User', id, [{ op: 'replace', path: 'active', value: true }]);
    await expect(authenticate(issued.token)).resolves.toMatchObject({ credential: { userId: id } });
    await remove('User', id);
    expect((await statuses())[1]).toEqual(['suspended', null]);
    await expect(authenticate(issued.token)).rejects.toMatchObject({ status: 401 });
    await expect(authenticate(free.token)).resolves.toBeDefined();
  });

  it("can't be bound to a group, to another tenant's user or to nobody", async () => {
    const own = directoryOn({ db: context.db } as Storage, { scope: { tenantId: tenant.id } });
    const other = directoryOn({ db: context.db } as Storage);
    const names = [(await own.create('Group', group('Crew'))).id, (await other.create('User', user('eve'))).id];
    for (const name of [...names, 'eve', 'Crew', '', 'a\0', '\ud800', randomUUID(), 'x'.repeat(100_000)]) {
      await expect(issueToken(context, tenant, { user: name })).rejects.toMatchObject({ status: 404 });
    }
  });

  it.each(['nosuchid', '', 'a\0', randomUUID(), '\ud800'])('are not found as %j', async (name) => {
    await expect(revokeCredential(context, COMMAND_LINE, tenant, name)).rejects.toMatchObject({ status: 404 });
  });

  it("of another tenant can't be revoked or seen", async () => {
    const { credential, token } = await issueToken(context, tenant);
    const other = await newTenant();
    for (const name of [credential.id, credential.prefix]) {
      await expect(revokeCredential(context, COMMAND_LINE, other, name)).rejects.toMatchObject({ status: 404 });
    }
    expect(await listCredentials(context, other)).toEqual([]);
    expect(
      await findCredentialBySecret(context.db, {
        tenantId: other.id,
        prefix: credential.prefix,
        secretHash: hashOfToken(token),
      }),
    ).toBeUndefined();
    await expect(authenticate(token)).resolves.toBeDefined();
  });

  it.each([
    [{ scopes: ['scim:all'] }, 'scim:read, scim:write, user:read, user:write, admin'],
    [{ scopes: [] }, 'scim:read, scim:write, user:read, user:write, admin'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'is past'],
    [{ expiresAt: 'tomorrow' }, 'is no instant'],
    [{ expiresAt: '2030-02-30T00:00:00Z' }, 'is no instant'],
    [{ label: 'x'.repeat(MAX_LABEL_LENGTH + 1) }, 'label'],
    [{ label: 'a\0b' }, 'label'],
  ])('are not issued with %j', async (asked, words) => {
    const before = (await listCredentials(context, tenant)).length;
    await expect(issueToken(context, tenant, asked)).rejects.toMatchObject({
      status: 400,
      detail: expect.stringContaining(words),
    });
    expect(await listCredentials(context, tenant)).toHaveLength(before);
  });

  it('may have the longest label', async () => {
    const label = 'x'.repeat(MAX_LABEL_LENGTH);
    expect((await issueToken(context, tenant, { label })).credential.label).toBe(label);
  });

  it('note their last use, at most once a minute', async () => {
    const { credential } = await issueToken(context, tenant);
    const lastUse = async () =>
      (await listCredentials(context, tenant)).find(({ id }) => id === credential.id)?.lastUsedAt?.getTime();
    const start = now;
    await markUsed(context.db, credential, new Date(start));
    await markUsed(context.db, credential, new Date(start + 60_000));
    expect(await lastUse()).toBe(start);
    await markUsed(context.db, credential, new Date(start + 60_001));
    expect(await lastUse()).toBe(start + 60_001);
  });
});
