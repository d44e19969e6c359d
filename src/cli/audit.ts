import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { counted } from '../counted.ts';
import { type ExportAsked, exportEvents } from '../directory/audit-export.ts';
import { hashAsked, verifyEvents } from '../directory/audit-verify.ts';
import { type EventsAsked, eventsAsked } from '../directory/event-listing.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { showVerification, type Verification } from '../events/chain.ts';
import { verifyLines } from '../events/verify-lines.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { answer, examplesText, storageCommand } from './command.ts';
import { MISUSED, Refusal } from './refusal.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface VerifyOptions extends CommonOptions {
  readonly expect?: string;
  readonly file?: string;
}

/** Adds `audit list`, `audit export` and `audit verify`. */
export function addAudit(program: Command, terminal: Terminal): void {
  const audit = program.command('audit').description('See what happened, and whether that record is what it was');

  storageCommand(audit, 'list <tenant>', 'List events, the newest first', [
    'audit list acme --limit 20',
    'audit list acme --resource 01a1fe06-ce3c-700f-b531-3023380e835e',
    'audit list acme --since 2026-01-31T00:00:00Z --kind token-issued',
    'audit list acme --since 1h',
    'audit list acme --actor credential:5rk0c2wq --json',
  ])
    .option('--since <when>', 'that happened then or later: 2030-01-31T10:00:00Z, or 15m, 2h, 3d ago')
    .option('--until <when>', 'that happened before then')
    .option('--kind <kind>', 'such as create, deactivate or token-issued')
    .option('--resource <id>', 'of one resource or credential')
    .option('--actor <actor>', 'by operator, or by credential: and the prefix of a token')
    .option('--order <order>', 'newest or oldest comes first (default: newest)')
    .option('--after <id>', 'go on after that event')
    .option('--limit <number>', 'at most so many')
    .action(async (slug: string, { json, config, ...asked }: CommonOptions & EventsAsked) => {
      const options = { ...(json && { json }), ...(config !== undefined && { config }) };
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/events`, async ({ context }) => {
        const page = await eventsAsked(context, await tenantNamed(context, slug), asked);
        answer(terminal, json, page, linesOf(page));
      });
    });

  audit
    .command('export <tenant>')
    .description('Write events and their seals as lines of JSON to standard output')
    .option('--after <seal>', 'only what follows the seal of that number')
    .option('--since <when>', 'from the seal on that has an event of then or later')
    .option('--until <when>', 'up to the seal that has an event before then')
    .option('--config <file>', 'JSON file with settings; the environment wins over it')
    .addHelpText('after', examplesText(['audit export acme > acme.jsonl', 'audit export acme --after 12 > acme.jsonl']))
    .action(async (slug: string, { config, ...asked }: CommonOptions & ExportAsked) => {
      const options = config === undefined ? {} : { config };
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/events/export`, async ({ context }) => {
        const lines = await exportEvents(context, await tenantNamed(context, slug), asked);
        for await (const line of lines) terminal.out(`${line}\n`);
      });
    });

  const verify = storageCommand(audit, 'verify [tenant]', 'Say whether the events are those that were sealed', [
    'audit verify acme',
    'audit verify acme --expect 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    'audit verify --file acme.jsonl',
  ]);
  verify
    .option('--expect <hash>', 'hash of a seal that was noted before: without it, a cut end is not seen')
    .option('--file <file>', 'verify an export instead of what is stored')
    .action(async (slug: string | undefined, { expect, file, ...options }: VerifyOptions) => {
      if ((slug === undefined) === (file === undefined)) {
        verify.error('error: name the tenant, or an export with --file, not both', { exitCode: MISUSED });
      }
      if (file !== undefined) {
        const found = await verifyLines(linesIn(file), expect === undefined ? undefined : hashAsked(expect));
        answerVerification(terminal, options, file, found, []);
        return;
      }
      const tenantSlug = String(slug);
      const route = `POST /admin/tenants/${tenantSlug}/events/verify`;
      await withStorage(terminal, options, route, async ({ context }) => {
        const found = await verifyEvents(context, await tenantNamed(context, tenantSlug), expect);
        const { sealedNow } = found;
        answerVerification(
          terminal,
          options,
          tenantSlug,
          found,
          [`${counted(sealedNow, 'event')} ${sealedNow === 1 ? 'was' : 'were'} sealed just now.`],
          {
            sealedNow,
          },
        );
      });
    });
}

/** The lines of a file, of which one at a time is in memory. */
async function* linesIn(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, 'utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } catch (error) {
    const { code = 'an error' } = error as { code?: string };
    throw new Refusal(`${file} can't be read (${code}); name a file that audit export wrote.`);
  }
}

function answerVerification(
  terminal: Terminal,
  options: CommonOptions,
  name: string,
  found: Verification,
  more: readonly string[],
  beside: JsonObject = {},
): void {
  const { ok, seals, events, head, from, problemCount, problems, doubts } = found;
  const begins = from && from.number > 1 ? [`It begins with seal ${from.number}, after ${from.previous}.`] : [];
  answer(terminal, options.json, { verification: { ...showVerification(found), ...beside } }, [
    `${name}: ${counted(seals, 'seal')}, ${counted(events, 'event')}.`,
    ...begins,
    ...more,
    head ? `Head: seal ${head.number}, ${head.hash}` : 'There is no seal yet.',
    ...doubts.map((doubt) => `Look at this: ${doubt}`),
    ok ? 'Nothing contradicts the seals.' : `WRONG: ${counted(problemCount, 'problem')}.`,
  ]);
  if (!ok) throw new Refusal(problems.join('\n'));
}

function linesOf({ events, next }: JsonObject): string[] {
  const rows = (events as JsonObject[]).map(({ at, kind, resourceType, resource, attributes, detail, actor, seal }) =>
    [
      at,
      kind,
      resourceType === null ? '' : `${resourceType} ${resource}`,
      isObject(detail) ? jsonTextOf(detail) : (attributes as string[]).join(','),
      actor,
      seal ?? '',
    ].map(String),
  );
  if (rows.length === 0) return ['There is no such event.'];
  const lines = columns(['AT', 'KIND', 'RESOURCE', 'WHAT', 'ACTOR', 'SEAL'], rows);
  return next === null ? lines : [...lines, `There are more: --after ${next}`];
}
