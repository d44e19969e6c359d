import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Context } from '../../src/directory/context.ts';
import { createResource } from '../../src/directory/create.ts';
import { COMMAND_LINE, operatorScope } from '../../src/directory/operator.ts';
import { readResource } from '../../src/directory/read.ts';
import { replaceResource } from '../../src/directory/replace.ts';
import { restateRoles } from '../../src/directory/restate-roles.ts';
import { addRole, MAX_ROLE_NAME_LENGTH, MAX_ROLES, renameRole, rolesOf } from '../../src/directory/roles.ts';
import { searchResources } from '../../src/directory/search.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, type Tenant, tenantNamed } from '../../src/directory/tenants.ts';
import { projectionOf } from '../../src/protocol/projection.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { typeNamed } from '../../src/schema/registry.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { setRoles } from '../../src/storage/tenants.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';

describeEachDatabase('role names', (open) => {
  let context: Context;
  let tenant: Tenant;
  beforeAll(async () => {
    context = systemContext((await open()).db);
  });
  beforeEach(async () => {
    tenant = await createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}` });
  });

  const dialect = async () => {
    tenant = await tenantNamed(context, tenant.slug);
    const scope = await operatorScope(context.db, COMMAND_LINE, tenant);
    const type = typeNamed(scope.dialect.registry, 'User') ?? USER_TYPE;
    return { scope, type, projection: projectionOf(type, {}) };
  };
  const create = async (userName: string, roles: JsonObject) => {
    const { scope, type, projection } = await dialect();
    return (await createResource(context, scope, type, user(userName, { roles }), projection)).id;
  };
  const read = async (id: string) => {
    const { scope, type, projection } = await dialect();
    return readResource(context, scope, type, id, projection);
  };
  const rolesAt = async (id: string) => (await read(id)).body.roles;
  const matching = async (filter: string) => {
    const { scope, type } = await dialect();
    const found = await searchResources(context, scope, [type], { filter });
    return (found.Resources as JsonObject[]).map(({ userName }) => userName);
  };
  const add = (name: string, byDefault = false) => addRole(context, COMMAND_LINE, tenant, { name, default: byDefault });
  const rename = (from: string, to: string) => renameRole(context, COMMAND_LINE, tenant, from, to);
  const names = async () => rolesOf(await tenantNamed(context, tenant.slug)).map(({ name }) => name);

  it('that are added show with every user, whose version moves', async () => {
    const id = await create('ada', { admin: true });
    expect(await add('auditor')).toEqual({
      roles: [
        { name: 'admin', default: false },
        { name: 'member', default: true },
        { name: 'editor', default: false },
        { name: 'auditor', default: false },
      ],
      usersChanged: 1,
    });
    const after = await read(id);
    expect(after.body.roles).toEqual({ admin: true, member: false, editor: false, auditor: false });
    expect(after.etag).toBe('W/"2"');
    expect(await matching('roles.auditor eq false')).toEqual(['ada']);
  });

  it('that are added as a default are held by users created from now on only', async () => {
    const before = await create('before', {});
    await add('reader', true);
    const { scope, type, projection } = await dialect();
    const after = await createResource(context, scope, type, user('after'), projection);
    expect(await rolesAt(before)).toMatchObject({ reader: false });
    expect(after.body.roles).toMatchObject({ member: true, reader: true });
  });

  it('that are renamed stay with who has them, in filters too', async () => {
    const ada = await create('ada', { editor: true });
    const bob = await create('bob', { member: true });
    expect((await rename('EDITOR', 'author')).usersChanged).toBe(2);
    expect(await names()).toEqual(['admin', 'member', 'author']);
    expect(await rolesAt(ada)).toEqual({ admin: false, member: false, author: true });
    expect(await rolesAt(bob)).toEqual({ admin: false, member: true, author: false });
    expect(await matching('roles.author eq true')).toEqual(['ada']);
  });

  it('can be changed in letter case only', async () => {
    const id = await create('ada', { admin: true });
    await rename('admin', 'Admin');
    expect(await rolesAt(id)).toEqual({ Admin: true, member: false, editor: false });
    await rename('Admin', 'ADMIN');
    expect(await rolesAt(id)).toEqual({ ADMIN: true, member: false, editor: false });
  });

  it('change nothing the second time', async () => {
    const id = await create('ada', { admin: true });
    await rename('admin', 'root');
    const { etag } = await read(id);
    expect((await rename('admin', 'root')).usersChanged).toBe(0);
    await add('auditor');
    expect((await add('auditor')).usersChanged).toBe(0);
    expect(etag).toBe('W/"2"');
    expect((await read(id)).etag).toBe('W/"3"');
  });

  it('that were stored by an interrupted run reach the users with the next one, whichever it is', async () => {
    const id = await create('ada', { admin: true });
    const interrupted = tenant.roles.map((role) =>
      role.name === 'admin' ? { ...role, name: 'root', formerly: ['admin'] } : role,
    );
    await setRoles(context.db, tenant.id, interrupted, context.clock());
    tenant = await tenantNamed(context, tenant.slug);
    await add('auditor');
    expect(await rolesAt(id)).toEqual({ root: true, member: false, editor: false, auditor: false });
  });

  it('that come into use again mean nobody who had them before', async () => {
    const ada = await create('ada', { admin: true });
    await rename('admin', 'root');
    tenant = await tenantNamed(context, tenant.slug);
    await add('admin');
    expect(await rolesAt(ada)).toEqual({ root: true, member: false, editor: false, admin: false });
    expect(await matching('roles.admin eq true')).toEqual([]);
    expect(await matching('roles.root eq true')).toEqual(['ada']);
  });

  it('can be swapped through a third', async () => {
    const ada = await create('ada', { admin: true });
    for (const [from, to] of [
      ['admin', 'spare'],
      ['editor', 'admin'],
      ['spare', 'editor'],
    ] as const) {
      tenant = await tenantNamed(context, tenant.slug);
      await rename(from, to);
    }
    expect(await names()).toEqual(['editor', 'member', 'admin']);
    expect(await rolesAt(ada)).toEqual({ editor: true, member: false, admin: false });
    expect(await matching('roles.admin eq true')).toEqual([]);
  });

  it('are unique in any letter case', async () => {
    await expect(add('Member')).rejects.toMatchObject({ status: 409 });
    await expect(add('member', false)).rejects.toMatchObject({ status: 409 });
    await expect(rename('admin', 'EDITOR')).rejects.toMatchObject({ status: 409 });
    expect(await names()).toEqual(['admin', 'member', 'editor']);
  });

  it.each([
    '',
    '1st',
    '_x',
    'a.b',
    'a b',
    'é',
    'a\0',
    '__proto__',
    'value',
    'Primary',
    'x'.repeat(MAX_ROLE_NAME_LENGTH + 1),
  ])('are not %j', async (name) => {
    await expect(add(name)).rejects.toMatchObject({ status: 400 });
    await expect(rename('admin', name)).rejects.toMatchObject({ status: 400 });
  });

  it('are kept up to a number and a length', async () => {
    const many = Array.from({ length: MAX_ROLES - 1 }, (_, index) => ({ name: `r${index}`, byDefault: false }));
    await setRoles(context.db, tenant.id, many, context.clock());
    await add('x'.repeat(MAX_ROLE_NAME_LENGTH));
    expect(await names()).toHaveLength(MAX_ROLES);
    await expect(add('another')).rejects.toMatchObject({ status: 400 });
  });

  it('that there are not are not renamed', async () => {
    await expect(rename('nobody', 'admin')).rejects.toMatchObject({
      status: 404,
      detail: expect.stringContaining('admin, member, editor'),
    });
  });

  it('like constructor are names like others', async () => {
    const id = await create('ada', {});
    await add('constructor');
    expect(await rolesAt(id)).toEqual({ admin: false, member: false, editor: false, constructor: false });
  });

  it('are no business of a profile with open roles', async () => {
    tenant = await createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}`, profile: 'rfc' });
    expect(() => rolesOf(tenant)).toThrow(expect.objectContaining({ status: 409 }));
    await expect(add('auditor')).rejects.toMatchObject({ status: 409 });
    await expect(rename('admin', 'root')).rejects.toMatchObject({ status: 409 });
  });

  it('are those of the moment, where another is added and given while users are brought to the present ones', async () => {
    const id = await create('ada', { admin: true });
    await add('x');
    const stale = tenant;
    await add('y');
    const { scope, type, projection } = await dialect();
    const roles = { admin: true, y: true };
    await replaceResource(context, scope, type, id, user('ada', { roles }), {}, projection);
    // Somebody else has begun before `y` was there, and comes to the user now.
    await restateRoles(context, COMMAND_LINE, stale);
    expect(await rolesAt(id)).toMatchObject({ admin: true, x: false, y: true });
    expect(await matching('roles.y eq true')).toEqual(['ada']);
    expect(await matching('roles.y eq false')).toEqual([]);
  });
});
