import { beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { replay } from './replay.ts';
import type { ProfileName, Sequence } from './sequence.ts';
import { sequencesIn } from './sequences.ts';

const PROFILES: readonly ProfileName[] = ['rfc', 'role-object'];

const folders = {
  okta: await sequencesIn('okta'),
  entra: await sequencesIn('entra'),
  others: await sequencesIn('others'),
};

test('there is traffic of every client to replay', () => {
  for (const sequences of Object.values(folders)) {
    expect(sequences.length).toBeGreaterThan(5);
    for (const [, sequence] of sequences) expect(sequence.steps.length).toBeGreaterThan(0);
  }
});

describeEachDatabase('traffic of real clients', (open) => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startApp({ storage: await open() });
    return () => server.close();
  });

  for (const [folder, sequences] of Object.entries(folders)) {
    for (const profile of PROFILES) {
      describe(`${folder}, profile ${profile}`, () => {
        test.each(sequences)('%s', async (_, sequence) => {
          await replayInItsOwnTenant(server, sequence, profile);
        });
      });
    }
  }
});

async function replayInItsOwnTenant(server: TestApp, sequence: Sequence, profile: ProfileName): Promise<void> {
  const { token } = await server.addTenant({ profile, grade: 'lenient' });
  await replay(sequence, { baseUrl: server.url, token, profile });
}
