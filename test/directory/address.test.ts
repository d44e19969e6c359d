import { expect, it } from 'vitest';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

describeEachDatabase('addressing a resource', (open) => {
  it('takes the externalId where the profile says so; the id wins; an ambiguous one names nothing', async () => {
    const directory = directoryOn(await open(), { profile: 'role-object' });
    const ada = await directory.create('User', user('ada', { externalId: 'hr-1' }));
    const bob = await directory.create('User', user('bob', { externalId: ada.id }));
    const eve = await directory.create('User', user('eve', { externalId: '7f3b6a9e-1111-4222-8333-444444444444' }));
    expect((await directory.read('User', 'hr-1')).id).toBe(ada.id);
    expect((await directory.read('User', ada.id)).id).toBe(ada.id);
    expect((await directory.read('User', '7f3b6a9e-1111-4222-8333-444444444444')).id).toBe(eve.id);
    await expect(directory.read('User', 'HR-1')).rejects.toMatchObject({ status: 404 });
    await directory.patch('User', bob.id, [{ op: 'replace', path: 'externalId', value: 'hr-1' }]);
    for (const attempt of [directory.read, directory.delete]) {
      await expect(attempt('User', 'hr-1')).rejects.toMatchObject({
        status: 409,
        detail: expect.stringContaining('hr-1'),
      });
    }
    expect(await directory.search('User', {})).toMatchObject({ totalResults: 3 });
  });

  it('takes ids alone under plain RFC rules', async () => {
    const directory = directoryOn(await open());
    const ada = await directory.create('User', user('ada', { externalId: 'hr-1' }));
    await expect(directory.read('User', 'hr-1')).rejects.toMatchObject({ status: 404 });
    await expect(directory.read('User', ada.id.toUpperCase())).rejects.toMatchObject({ status: 404 });
  });

  it.each(['', '\0', 'a\0b', '\ud800', "' or 1=1 --", 'x'.repeat(10_000), '../Groups', '%00', '00919288221112222'])(
    'finds nothing at %j, and breaks on nothing',
    async (address) => {
      const directory = directoryOn(await open(), { profile: 'role-object' });
      await expect(directory.read('User', address)).rejects.toMatchObject({ status: 404 });
      await expect(directory.delete('User', address)).rejects.toMatchObject({ status: 404 });
    },
  );

  it("never finds another tenant's resource", shows('7643-9.3-1'), async () => {
    const one = directoryOn(await open(), { profile: 'role-object' });
    const other = directoryOn(await open(), { profile: 'role-object' });
    const ada = await one.create('User', user('ada', { externalId: 'hr-1' }));
    await expect(other.read('User', ada.id)).rejects.toMatchObject({ status: 404 });
    await expect(other.read('User', 'hr-1')).rejects.toMatchObject({ status: 404 });
    await expect(other.delete('User', ada.id)).rejects.toMatchObject({ status: 404 });
    expect(await other.search('User', { filter: 'userName pr or not (userName pr)' })).toMatchObject({
      totalResults: 0,
    });
  });
});
