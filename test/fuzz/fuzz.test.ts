import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { emptyPostgres } from '../support/database.ts';
import { modelCampaign, rawCampaign, requestsCampaign } from './campaigns.ts';
import { startTarget, type Target } from './target.ts';
import { tried } from './trial.ts';

/** Time after which no further run of a campaign begins, on a machine that has other work. */
const MILLISECONDS = 5000;
// Another one each time; it is in what a failure says, with the command that tries the same again.
const seed = Math.floor(Math.random() * 2 ** 31);
const CAMPAIGNS = [
  { campaign: requestsCampaign(new Map()), runs: 25 },
  { campaign: modelCampaign, runs: 15 },
  { campaign: rawCampaign, runs: 150 },
].map((each) => ({ ...each, name: each.campaign.name }));

const DATABASES = [
  { name: 'pglite', start: async () => ({ target: await startTarget({ snapshot: inject('embeddedSnapshot') }) }) },
  {
    name: 'postgres',
    start: async () => {
      const database = await emptyPostgres();
      if (!database) throw new Error('there is no PostgreSQL');
      return { target: await startTarget({ databaseUrl: database.url }), drop: database.drop };
    },
  },
];

describe.each(DATABASES)(`half a minute of fuzz ($name, seed ${seed})`, ({ name, start }) => {
  const isThere = name === 'pglite' || !('skip' in inject('postgres'));
  let started: { readonly target: Target; readonly drop?: () => Promise<void> } | undefined;
  beforeAll(async () => {
    if (isThere) started = await start();
  });
  afterAll(async () => {
    await started?.target.stop();
    await started?.drop?.();
  });

  it.skipIf(!isThere).each(CAMPAIGNS)('$name finds nothing', async ({ campaign, runs }) => {
    if (!started) throw new Error('the server is started before');
    expect(await tried(campaign, started.target, { seed, runs, milliseconds: MILLISECONDS })).toBeUndefined();
  });
});
