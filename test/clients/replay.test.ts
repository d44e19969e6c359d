import { beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { replay } from './replay.ts';
import type { ProfileName, Sequence } from './sequence.ts';
import { CLIENTS, sequencesOf } from './sequences.ts';

const PROFILES: readonly ProfileName[] = ['rfc', 'role-object'];

const traffic = await Promise.all(CLIENTS.map(async (client) => ({ client, sequences: await sequencesOf(client) })));

test.each(traffic)('there is traffic of $client to replay', ({ sequences }) => {
  expect(sequences.length).toBeGreaterThan(0);
  for (const [, sequence] of sequences) expect(sequence.steps.length).toBeGreaterThan(0);
});

describeEachDatabase('traffic of real clients', (open) => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startApp({ storage: await open() });
    return () => server.close();
  });

  for (const { client, sequences } of traffic) {
    for (const profile of PROFILES) {
      describe(`${client}, profile ${profile}`, () => {
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
