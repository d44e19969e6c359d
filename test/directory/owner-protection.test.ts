import { expect, it } from 'vitest';
import { DEFAULT_ROLE_NAMES } from '../../src/profiles/resolve.ts';
import type { Storage } from '../../src/storage/database.ts';
import { insertTenant, setOwner } from '../../src/storage/tenants.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

const suspend = [{ op: 'replace', path: 'active', value: false }];

async function withOwner(storage: Storage) {
  const directory = directoryOn(storage, { profile: 'role-object' });
  const { tenantId: id } = directory.scope;
  const at = new Date(0);
  const tenant = { id, slug: `t-${id}`, profile: 'role-object', grade: 'lenient' as const, roles: DEFAULT_ROLE_NAMES };
  await insertTenant(storage.db, {
    ...tenant,
    ownerId: undefined,
    features: [],
    plan: 'enterprise' as const,
    sandboxOf: undefined,
    ownProfile: undefined,
    rateLimit: undefined,
    tokenLife: undefined,
    faults: undefined,
    createdAt: at,
    updatedAt: at,
  });
  const owner = await directory.create('User', user('owner', { externalId: 'the-owner' }));
  await setOwner(storage.db, id, owner.id, at);
  return { directory, owner };
}

describeEachDatabase('protecting the owner', (open) => {
  it('refuses DELETE by id and by externalId, allows a suspension, and lets operators do it', async () => {
    const storage = await open();
    const { directory, owner } = await withOwner(storage);
    for (const address of [owner.id, 'the-owner']) {
      await expect(directory.delete('User', address)).rejects.toMatchObject({ status: 403 });
    }
    expect((await directory.read('User', owner.id)).etag).toBe('W/"1"');
    expect((await directory.patch('User', owner.id, suspend)).body?.active).toBe(false);
    const scope = { tenantId: directory.scope.tenantId, mayActOnOwner: true };
    await directoryOn(storage, { profile: 'role-object', scope }).delete('User', owner.id);
    await expect(directory.read('User', owner.id)).rejects.toMatchObject({ status: 404 });
  });

  it('refuses a suspension too where the profile says so, and then changes nothing', async () => {
    const storage = await open();
    const { directory: before, owner } = await withOwner(storage);
    const { dialect, tenantId } = before.scope;
    const careful = { ...dialect, profile: { ...dialect.profile, protectOwner: 'delete-and-deactivate' as const } };
    const directory = directoryOn(storage, { profile: 'role-object', scope: { tenantId, dialect: careful } });
    await expect(directory.patch('User', owner.id, suspend)).rejects.toMatchObject({ status: 403 });
    const put = user('x', { active: false });
    await expect(directory.replace('User', owner.id, put)).rejects.toMatchObject({ status: 403 });
    expect((await directory.read('User', owner.id)).body).toMatchObject({ userName: 'owner', active: true });
  });

  it('protects nobody once the tenant has another owner', async () => {
    const storage = await open();
    const { directory, owner } = await withOwner(storage);
    const other = await directory.create('User', user('other'));
    await setOwner(storage.db, directory.scope.tenantId, other.id, new Date());
    await directory.delete('User', owner.id);
    await expect(directory.delete('User', other.id)).rejects.toMatchObject({ status: 403 });
  });
});
