import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Context } from '../../src/directory/context.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import {
  createTenant,
  listTenants,
  MAX_SLUG_LENGTH,
  type NewTenant,
  showTenant,
  tenantNamed,
} from '../../src/directory/tenants.ts';
import { describeEachDatabase } from '../support/database.ts';
import { statusOf } from '../support/directory.ts';

const newSlug = () => `t-${randomUUID()}`;

describeEachDatabase('tenants', (open) => {
  let context: Context;
  beforeAll(async () => {
    context = systemContext((await open()).db);
  });
  const create = (asked: NewTenant) => createTenant(context, COMMAND_LINE, asked);

  it('are role-object and lenient unless told', async () => {
    const slug = newSlug();
    const tenant = await create({ slug });
    expect(await tenantNamed(context, slug)).toEqual(tenant);
    expect(await showTenant(context, tenant, 'https://scim.example/scim/v2')).toEqual({
      id: tenant.id,
      slug,
      profile: 'role-object',
      grade: 'lenient',
      plan: 'enterprise',
      rateLimit: null,
      tokenLife: 3600,
      roles: [
        { name: 'admin', default: false },
        { name: 'member', default: true },
        { name: 'editor', default: false },
      ],
      features: [],
      owner: null,
      createdAt: tenant.createdAt.toISOString(),
      baseUrl: 'https://scim.example/scim/v2',
    });
  });

  it('of a profile with open roles have no role names', async () => {
    const tenant = await create({ slug: newSlug(), profile: 'rfc', grade: 'strict' });
    expect(tenant).toMatchObject({ profile: 'rfc', grade: 'strict', roles: [] });
  });

  it('are refused for the name of their sandbox, which is told', async () => {
    const slug = newSlug();
    const sandbox = `${slug}-sandbox`;
    await create({ slug: sandbox });
    await expect(create({ slug, profile: 'modern-treasury' })).rejects.toMatchObject({
      status: 409,
      detail: `The sandbox of "${slug}" would be "${sandbox}", and there is a tenant of that name already; choose another name.`,
    });
    await expect(tenantNamed(context, slug)).rejects.toMatchObject({ status: 404 });
    const long = 'x'.repeat(MAX_SLUG_LENGTH - '-sandbox'.length + 1);
    await expect(create({ slug: long, profile: 'modern-treasury' })).rejects.toMatchObject({
      status: 400,
      detail: expect.stringContaining('at most 55 '),
    });
  });

  it('have names that are unique', async () => {
    const slug = newSlug();
    await create({ slug });
    await expect(create({ slug })).rejects.toMatchObject({ status: 409, scimType: 'uniqueness' });
    const racing = newSlug();
    const both = await Promise.all([statusOf(create({ slug: racing })), statusOf(create({ slug: racing }))]);
    expect(both.filter((outcome) => outcome === 409)).toHaveLength(1);
  });

  it.each(['', 'Acme', '-acme', 'a.b', 'a b', 'ä', 'a\0', 'a'.repeat(MAX_SLUG_LENGTH + 1)])(
    'are not named %j',
    async (slug) => {
      await expect(create({ slug })).rejects.toMatchObject({ status: 400 });
      await expect(tenantNamed(context, slug)).rejects.toMatchObject({ status: 404 });
    },
  );

  it('may have the longest name', async () => {
    const slug = randomUUID().padEnd(MAX_SLUG_LENGTH, 'a');
    await expect(create({ slug })).resolves.toMatchObject({ slug });
  });

  it.each([
    [{ profile: 'okta' }, 'role-object, rfc'],
    [{ grade: 'severe' }, 'lenient, strict'],
  ])('are not created with %j, and are told what there is', async (asked, known) => {
    await expect(create({ slug: newSlug(), ...asked })).rejects.toMatchObject({
      status: 400,
      detail: expect.stringContaining(known),
    });
  });

  it('are created with their owner, or not at all', async () => {
    const tenant = await create({ slug: newSlug(), owner: 'Ada@Example.com' });
    expect(await showTenant(context, tenant)).toMatchObject({
      owner: { id: tenant.ownerId, userName: 'Ada@Example.com' },
    });
    const slug = newSlug();
    await expect(create({ slug, owner: 'x'.repeat(501) })).rejects.toMatchObject({ status: 400 });
    await expect(tenantNamed(context, slug)).rejects.toMatchObject({ status: 404 });
  });

  it('are listed, the oldest first', async () => {
    const slugs = [newSlug(), newSlug()];
    for (const slug of slugs) await create({ slug });
    const listed = (await listTenants(context)).map((tenant) => tenant.slug);
    expect(listed.filter((slug) => slugs.includes(slug))).toEqual(slugs);
  });
});
