import { parseArgs } from 'node:util';
import { startCluster } from '../support/postgres-cluster.ts';
import { type Coverage, heavyCampaign, modelCampaign, rawCampaign, requestsCampaign } from './campaigns.ts';
import { startTarget } from './target.ts';
import { tried } from './trial.ts';

/*
 * npm run fuzz: tries requests of every kind on a server of its own, for ten minutes unless told; --postgres does so on a
 * PostgreSQL that is started for it, FUZZ_DATABASE_URL on a database whose data is not spared.
 */

/** Runs of a campaign before the next has its turn. */
const RUNS_AT_ONCE = 25;
/** How much larger the heap may be at the end than after the first quarter of the time. */
const MOST_GROWTH_BYTES = 48 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string' },
    campaign: { type: 'string' },
    path: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const lasting = Number(values.seconds) * 1000;
const coverage: Coverage = new Map();
const campaigns = [requestsCampaign(coverage), modelCampaign, rawCampaign, heavyCampaign].filter(
  ({ name }) => values.campaign === undefined || name === values.campaign,
);

const cluster = values.postgres ? await startCluster() : undefined;
const databaseUrl = cluster?.url ?? process.env.FUZZ_DATABASE_URL;
const target = await startTarget(databaseUrl === undefined ? {} : { databaseUrl });
say(`seed ${seed}, ${values.seconds} s, on ${databaseUrl === undefined ? 'the embedded database' : 'PostgreSQL'}`);

const began = performance.now();
let interrupted = false;
const left = () => (interrupted ? 0 : lasting - (performance.now() - began));
// What was started is stopped, and what was found told, also when somebody has seen enough.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
  });
}
const found: string[] = [];
let early: number | undefined;
let late = 0;
try {
  for (let round = 0; left() > 0 && (found.length === 0 || values['keep-going']); round++) {
    for (const campaign of campaigns) {
      const extent = { seed: seed + round, runs: RUNS_AT_ONCE, milliseconds: left() };
      const what = await tried(campaign, target, values.path === undefined ? extent : { ...extent, path: values.path });
      if (what === undefined) continue;
      found.push(what);
      say(`\n${what}\n`);
    }
    late = await target.heapBytes();
    if (left() < lasting * 0.75) early ??= late;
    if (values.path !== undefined) break;
  }
} finally {
  await target.stop();
  await cluster?.stop();
}

if (values.coverage) {
  for (const [route, statuses] of [...coverage].sort()) {
    const counts = [...statuses].sort().map(([status, count]) => `${status || 'none'} ${count} times`);
    say(`${route}: ${counts.join(', ')}`);
  }
}
const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
const requests = [...coverage.values()]
  .flatMap((statuses) => [...statuses.values()])
  .reduce((sum, one) => sum + one, 0);
say(
  `${requests} requests to ${coverage.size} routes; heap ${mib(early ?? late)} after a quarter of the time, ${mib(late)} at its end`,
);
if (early !== undefined && late - early > MOST_GROWTH_BYTES) found.push(`the heap has grown by ${mib(late - early)}`);
say(found.length === 0 ? `nothing found (seed ${seed})` : `${found.length} found (seed ${seed})`);
process.exitCode = found.length === 0 ? 0 : 1;
