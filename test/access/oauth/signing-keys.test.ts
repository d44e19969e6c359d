import { beforeEach, expect, it, vi } from 'vitest';
import { createSeal } from '../../../src/access/oauth/sealing.ts';
import { createSigningKeys, KEY_CACHE_SECONDS } from '../../../src/access/oauth/signing-keys.ts';
import { rotateKeys } from '../../../src/directory/signing-keys.ts';
import { systemContext } from '../../../src/directory/system-context.ts';
import type { Database } from '../../../src/storage/database.ts';
import { listSigningKeys } from '../../../src/storage/signing-keys.ts';
import { signingKeys } from '../../../src/storage/tables.ts';
import { describeEachDatabase } from '../../support/database.ts';

const seal = createSeal(undefined);

describeEachDatabase('the signing keys of several processes', (open) => {
  let db: Database;
  let now = Date.UTC(2026, 0, 1);
  const clock = () => new Date(now);
  const processOf = () => createSigningKeys(db, clock, seal);
  beforeEach(async () => {
    ({ db } = await open());
    await db.delete(signingKeys);
  });

  it('begin with one, whoever needs it first', async () => {
    const [one, other] = [processOf(), processOf()];
    const [first, second, { keys: published }] = await Promise.all([
      one.current(),
      other.current(),
      processOf().published(),
    ]);
    expect([second.kid, ...published.map(({ kid }) => kid)]).toEqual([first.kid, first.kid]);
    expect(await listSigningKeys(db, clock())).toHaveLength(1);
    expect(await other.verifier(first.kid)).toBeDefined();
  });

  it('are known as soon as a token has one, however lately the others were read', async () => {
    const [one, other] = [processOf(), processOf()];
    await one.current();
    await other.current();
    const { kid } = await rotateKeys({ ...systemContext(db), clock }, { keys: other, seal }, true);
    const verifiers = await Promise.all([one.verifier(kid), one.verifier(kid), one.verifier('made up')]);
    expect(verifiers.map((verifier) => verifier !== undefined)).toEqual([true, true, false]);
  });

  it('are read once a second at most for names that are made up', async () => {
    const keys = processOf();
    await keys.current();
    const read = vi.spyOn(db, 'select');
    try {
      const ask = () => Promise.all(Array.from({ length: 20 }, (_, index) => keys.verifier(`made up ${index}`)));
      await ask();
      await ask();
      now += 999;
      await ask();
      expect(read).toHaveBeenCalledTimes(1);
      now += 1;
      await ask();
      await ask();
      expect(read).toHaveBeenCalledTimes(2);
      now += KEY_CACHE_SECONDS * 1000;
      await ask();
      await ask();
      expect(read).toHaveBeenCalledTimes(3);
    } finally {
      read.mockRestore();
    }
  });

  it('are forgotten with what is just being read', async () => {
    const [one, other] = [processOf(), processOf()];
    await one.current();
    now += KEY_CACHE_SECONDS * 1000;
    const underWay = one.current();
    one.forget();
    await underWay;
    const { kid } = await rotateKeys({ ...systemContext(db), clock }, { keys: other, seal }, true);
    expect((await one.current()).kid).toBe(kid);
  });
});
