import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Context } from '../../src/directory/context.ts';
import { createResource } from '../../src/directory/create.ts';
import { deleteResource } from '../../src/directory/delete.ts';
import { COMMAND_LINE, operatorScope } from '../../src/directory/operator.ts';
import { changeOwner } from '../../src/directory/owner.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant, showTenant, type Tenant, tenantNamed } from '../../src/directory/tenants.ts';
import { projectionOf } from '../../src/protocol/projection.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { describeEachDatabase } from '../support/database.ts';
import { user } from '../support/directory.ts';

describeEachDatabase('the owner of a tenant', (open) => {
  let context: Context;
  let tenant: Tenant;
  beforeAll(async () => {
    context = systemContext((await open()).db);
    tenant = await createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}`, owner: 'first@example.com' });
  });
  const operating = () => operatorScope(context.db, COMMAND_LINE, tenant);
  const clientScope = async () => ({ ...(await operating()), mayActOnOwner: false });
  const addUser = async (userName: string) => {
    const type = (await operating()).dialect.registry.types[0] ?? USER_TYPE;
    return (await createResource(context, await clientScope(), type, user(userName), projectionOf(type, {}))).id;
  };

  it('is another user from now on, found in any letter case', async () => {
    const changed: string[] = [];
    const id = await addUser('Straße@Example.com');
    const operator = { ...COMMAND_LINE, tenantChanged: (tenantId: string) => void changed.push(tenantId) };
    const after = await changeOwner(context, operator, tenant, 'STRASSE@example.COM');
    expect(after.ownerId).toBe(id);
    expect(after.updatedAt.getTime()).toBeGreaterThan(tenant.updatedAt.getTime());
    expect(changed).toEqual([tenant.id]);
    expect(await showTenant(context, await tenantNamed(context, tenant.slug))).toMatchObject({
      owner: { id, userName: 'Straße@Example.com' },
    });
  });

  it("can't be deleted by a SCIM client, and can once another user is", async () => {
    const id = await addUser('boss');
    await changeOwner(context, COMMAND_LINE, tenant, 'boss');
    const remove = async () => deleteResource(context, await clientScope(), USER_TYPE, id, {});
    await expect(remove()).rejects.toMatchObject({ status: 403 });
    await changeOwner(context, COMMAND_LINE, tenant, 'first@example.com');
    await expect(remove()).resolves.toBeUndefined();
  });

  it('can be nobody', async () => {
    const after = await changeOwner(context, COMMAND_LINE, tenant, null);
    expect(await showTenant(context, after)).toMatchObject({ owner: null });
  });

  it.each(['nobody', '', 'a\0b', '\udc00', 'x'.repeat(501)])(
    'is not made of %j, whom the tenant lacks',
    async (name) => {
      await changeOwner(context, COMMAND_LINE, tenant, 'first@example.com');
      await expect(changeOwner(context, COMMAND_LINE, tenant, name)).rejects.toMatchObject({ status: 404 });
      expect(await showTenant(context, await tenantNamed(context, tenant.slug))).toMatchObject({
        owner: { userName: 'first@example.com' },
      });
    },
  );

  it('is no user of another tenant', async () => {
    const other = await createTenant(context, COMMAND_LINE, { slug: `t-${randomUUID()}` });
    await expect(changeOwner(context, COMMAND_LINE, other, 'first@example.com')).rejects.toMatchObject({ status: 404 });
  });
});
