import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { readConfig } from '../config.ts';
import { counted } from '../counted.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { MAX_REQUESTS, type RequestsAsked, requestsAsked, requestWithId } from '../directory/request-log-listing.ts';
import { changeRequestLog, clearRequestLog, requestLogRules } from '../directory/request-log-rules.ts';
import { type Tenant, tenantNamed } from '../directory/tenants.ts';
import { KEPT } from '../profiles/request-log.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { follow } from './log-follow.ts';
import { lineOf, wholeOf } from './log-lines.ts';
import { numberIn } from './number.ts';
import { MISUSED, Refusal } from './refusal.ts';
import { type CommonOptions, type Session, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Requests that are shown when no limit is asked for. */
const SHOWN = '50';

type Filters = Pick<RequestsAsked, 'since' | 'until' | 'status' | 'user' | 'credential' | 'text'>;

interface ListOptions extends CommonOptions, Filters {
  readonly limit: string;
  readonly follow?: boolean;
}

interface SetOptions extends CommonOptions {
  readonly keep?: string;
  readonly redact?: readonly string[];
  readonly days?: string;
  readonly megabytes?: string;
}

/** Adds `log`, which lists, and `log show`, `log settings`, `log set`, `log reset` and `log clear`. */
export function addLog(program: Command, terminal: Terminal): void {
  const log = program.command('log').description('See what clients asked of a tenant, and what they were answered');

  // What follows `log` is a tenant, unless it is one of the other words.
  storageCommand(log, 'list <tenant>', 'List requests, the newest last; "log TENANT" does the same', LIST_EXAMPLES, {
    isDefault: true,
  })
    .option('--since <when>', 'answered since then: 2030-01-31T10:00:00Z, or 15m, 2h, 3d ago')
    .option('--until <when>', 'answered before then')
    .option('--status <status>', 'such as 409 or 4xx; several with commas between')
    .option('--user <user>', 'about that user, by id or userName; or about another resource, by id')
    .option('--credential <prefix>', 'with that token or key')
    .option('--text <text>', 'with that text in path, bodies or headers, in any letter case')
    .option('--limit <number>', 'at most so many', SHOWN)
    .option('--follow', 'go on with each new request, until stopped; with --json, each is a line of JSON')
    .action(async (slug: string, { json, config, limit, follow: follows, ...filters }: ListOptions) => {
      const options = { ...(json && { json }), ...(config !== undefined && { config }) };
      const route = `GET /admin/tenants/${slug}/requests`;
      if (follows && readConfig(terminal.environment, config).databaseUrl === undefined) {
        throw new Refusal(
          'An embedded database takes requests only while a server holds it, which no command can watch. The route that ' +
            `does the same is ${route}?after=ID.`,
        );
      }
      await withStorage(terminal, options, route, async ({ context }) => {
        const tenant = await tenantNamed(context, slug);
        const found = await newest(context, tenant, filters, limit);
        if (!follows) return answer(terminal, json, found, linesOfList(found));
        await follow(terminal, { context, tenant, filters, json: json === true }, found.requests as JsonObject[]);
      });
    });

  storageCommand(log, 'show <tenant> <id>', 'Show a request and its answer as a whole', [
    'log show acme 01a1fe06-ce3c-700f-b531-3023380e835e',
  ]).action(async (slug: string, id: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/requests/${id}`, async ({ context }) => {
      const request = await requestWithId(context, await tenantNamed(context, slug), id);
      answer(terminal, options.json, { request }, wholeOf(request));
    });
  });

  storageCommand(log, 'settings <tenant>', 'Show how much is kept of requests', ['log settings acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/request-log`, async ({ context }) => {
        answerRules(terminal, options, await tenantNamed(context, slug));
      });
    },
  );

  const set = storageCommand(
    log,
    'set <tenant>',
    'Say how much is kept of requests, in place of all that was said before',
    [
      'log set acme --keep headers',
      'log set acme --redact name.familyName --redact phoneNumbers --days 3',
      'log set acme --keep off',
    ],
  );
  set
    .option('--keep <what>', `${KEPT.join(', ')}: headers is all but bodies, off is nothing`)
    .option(
      '--redact <path>',
      'keep nothing of this attribute; repeat it',
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option('--days <number>', 'for so many days')
    .option('--megabytes <number>', 'and no more than that, the newest')
    .action(async (slug: string, { keep, redact, days, megabytes, ...options }: SetOptions) => {
      const asked = {
        ...(keep !== undefined && { keep }),
        ...(redact !== undefined && { redact }),
        ...(days !== undefined && { days: numberIn(days) }),
        ...(megabytes !== undefined && { megabytes: numberIn(megabytes) }),
      };
      // Nothing in place of all before would take back what was said, redaction too, from who only wanted to look.
      if (Object.keys(asked).length === 0) {
        const message = 'error: say --keep, --redact, --days or --megabytes; "log reset" takes back what was said';
        set.error(message, { exitCode: MISUSED });
      }
      await change(slug, 'PUT', options, asked);
    });

  storageCommand(log, 'reset <tenant>', 'Leave how much is kept to the settings of the server', [
    'log reset acme',
  ]).action(async (slug: string, options: CommonOptions) => change(slug, 'DELETE', options, null));

  storageCommand(log, 'clear <tenant>', 'Delete all requests that were kept', ['log clear acme']).action(
    async (slug: string, options: CommonOptions) => {
      await withStorage(terminal, options, `DELETE /admin/tenants/${slug}/requests`, async ({ context }) => {
        const deleted = await clearRequestLog(context, COMMAND_LINE, await tenantNamed(context, slug));
        answer(terminal, options.json, { deleted }, [`Deleted ${counted(deleted, 'request')} of ${slug}.`]);
      });
    },
  );

  async function change(slug: string, method: string, options: CommonOptions, asked: unknown): Promise<void> {
    await withStorage(terminal, options, `${method} /admin/tenants/${slug}/request-log`, async ({ context }) => {
      const tenant = await changeRequestLog(context, COMMAND_LINE, await tenantNamed(context, slug), asked);
      answerRules(terminal, options, tenant);
    });
  }
}

const LIST_EXAMPLES = [
  'log acme --since 1h --status 4xx,5xx',
  'log acme --user grace@example.com --json',
  'log acme --credential 5rk0c2wq --text department',
  'log acme --follow',
];

/** The newest requests that match, as many as are asked for: one page may have fewer although there are more. */
async function newest(
  context: Session['context'],
  tenant: Tenant,
  filters: Filters,
  limit: string,
): Promise<JsonObject> {
  const wanted = /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  const requests: JsonObject[] = [];
  let next: string | null = null;
  do {
    // What is no number of requests is refused with the rest.
    const size = wanted > 0 ? String(Math.min(wanted - requests.length, MAX_REQUESTS)) : limit;
    const asked: RequestsAsked = { ...filters, limit: size, ...(next === null ? {} : { before: next }) };
    const page = await requestsAsked(context, tenant, asked);
    requests.push(...(page.requests as JsonObject[]));
    next = page.next as string | null;
  } while (next !== null && requests.length < wanted);
  return { requests: requests.reverse(), next };
}

function linesOfList({ requests, next }: JsonObject): string[] {
  const lines = (requests as JsonObject[]).map(lineOf);
  if (lines.length === 0) return ['There is no such request.'];
  return next === null ? lines : ['There are older ones: raise --limit, or say --until when.', ...lines];
}

function answerRules(terminal: Terminal, options: CommonOptions, tenant: Tenant): void {
  const requestLog = requestLogRules(tenant);
  const rows = Object.entries(requestLog).map(([name, value]) => [
    name,
    value === null
      ? 'by the settings'
      : Array.isArray(value)
        ? value.join(', ') || 'passwords and secrets only'
        : String(value),
  ]);
  answer(terminal, options.json, { requestLog }, columns(['', ''], rows).slice(1));
}
