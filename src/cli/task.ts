import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { refuseTask } from '../directory/refuse-task.ts';
import { detailsOf, type TasksAsked, tasksAsked } from '../directory/task-listing.ts';
import { claimTask, completeTask, releaseTask, taskWithId } from '../directory/tasks.ts';
import { type Tenant, tenantNamed } from '../directory/tenants.ts';
import type { JsonObject } from '../schema/json.ts';
import { jsonTextOf } from '../schema/json-text.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, type Session, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

interface Stepping extends CommonOptions {
  readonly who: string;
}

/** Adds `task list`, `task show`, `task claim`, `task release`, `task done` and `task refuse`. */
export function addTask(program: Command, terminal: Terminal): void {
  const task = program.command('task').description('See and do what waits for a person, where provisioning is manual');

  storageCommand(task, 'list <tenant>', 'List tasks, the oldest first', [
    'task list acme --status open,claimed',
    'task list acme --kind deprovision --limit 10',
  ])
    .option('--status <status>', 'open, claimed, done or refused; several with commas between')
    .option('--kind <kind>', 'provision, update or deprovision')
    .option('--user <id>', 'of one user')
    .option('--after <id>', 'go on after that task')
    .option('--limit <number>', 'at most so many')
    .action(async (slug: string, { json, config, ...asked }: CommonOptions & TasksAsked) => {
      const options = { ...(json && { json }), ...(config !== undefined && { config }) };
      await withStorage(terminal, options, `GET /admin/tenants/${slug}/tasks`, async ({ context }) => {
        const page = await tasksAsked(context, await tenantNamed(context, slug), asked);
        answer(terminal, json, page, linesOfList(page));
      });
    });

  storageCommand(task, 'show <tenant> <id>', 'Show a task and what it changes of the user', [
    'task show acme 01a1fe06-ce3c-700f-b531-3023380e835e',
  ]).action(async (slug: string, id: string, options: CommonOptions) => {
    await step(slug, id, '', options, async ({ context }, tenant) => {
      return { task: await detailsOf(context, tenant, await taskWithId(context, tenant, id)) };
    });
  });

  stepCommand('claim', 'Take a task on, so that nobody else does it, too').action(
    async (slug: string, id: string, options: Stepping) => {
      await step(slug, id, '/claim', options, async ({ context }, tenant) => {
        return {
          task: await detailsOf(context, tenant, await claimTask(context, COMMAND_LINE, tenant, id, options.who)),
        };
      });
    },
  );

  storageCommand(task, 'release <tenant> <id>', 'Give a claimed task back', [
    'task release acme 01a1fe06-ce3c-700f-b531-3023380e835e',
  ]).action(async (slug: string, id: string, options: CommonOptions) => {
    await step(slug, id, '/release', options, async ({ context }, tenant) => {
      return { task: await detailsOf(context, tenant, await releaseTask(context, COMMAND_LINE, tenant, id)) };
    });
  });

  stepCommand('done', 'Say that a task is done in the application', ' --note "seat freed"')
    .option('--note <text>', 'what others should know')
    .action(async (slug: string, id: string, options: Stepping & { readonly note?: string }) => {
      await step(slug, id, '/done', options, async ({ context }, tenant) => {
        return {
          task: await detailsOf(context, tenant, await completeTask(context, COMMAND_LINE, tenant, id, options)),
        };
      });
    });

  stepCommand(
    'refuse',
    'Say that a task is not going to be done; SCIM shows the user as before',
    ' --reason "on the works council"',
  )
    .requiredOption('--reason <text>', 'why')
    .action(async (slug: string, id: string, options: Stepping & { readonly reason: string }) => {
      await step(slug, id, '/refuse', options, async ({ context }, tenant) => {
        const refused = await refuseTask(context, COMMAND_LINE, tenant, id, options);
        const shown = await detailsOf(context, tenant, refused.task);
        return { task: shown, ...(refused.groups && { groups: { ...refused.groups } }) };
      });
    });

  function stepCommand(name: string, summary: string, more = ''): Command {
    return storageCommand(task, `${name} <tenant> <id>`, summary, [
      `task ${name} acme 01a1fe06-ce3c-700f-b531-3023380e835e --who ada@example.com${more}`,
    ]).requiredOption('--who <name>', 'the person who does the task');
  }

  async function step(
    slug: string,
    id: string,
    path: string,
    options: CommonOptions,
    work: (session: Session, tenant: Tenant) => Promise<JsonObject & { readonly task: JsonObject }>,
  ): Promise<void> {
    const route = `${path === '' ? 'GET' : 'POST'} /admin/tenants/${slug}/tasks/${id}${path}`;
    await withStorage(terminal, options, route, async (session) => {
      const done = await work(session, await tenantNamed(session.context, slug));
      answer(terminal, options.json, done, linesOf(done.task));
    });
  }
}

function linesOfList({ tasks, next }: JsonObject): string[] {
  const rows = (tasks as JsonObject[]).map((task) =>
    [task.id, task.kind, task.status, (task.user as JsonObject).userName, task.claimedBy ?? '', task.createdAt].map(
      String,
    ),
  );
  if (rows.length === 0) return ['There is no such task.'];
  const lines = columns(['ID', 'KIND', 'STATUS', 'USER', 'CLAIMED BY', 'CREATED'], rows);
  return next === null ? lines : [...lines, `There are more: --after ${next}`];
}

function linesOf({ changes, user, attributes: _, ...task }: JsonObject): string[] {
  const { id, userName } = user as JsonObject;
  const about = [...Object.entries(task), ['user', `${userName} (${id})`] as const].filter(
    ([, value]) => value !== null,
  );
  const changed = (changes as JsonObject[]).map(({ attribute, before, after }) => [
    String(attribute),
    before === undefined ? 'not shown' : `${jsonTextOf(before)} -> ${jsonTextOf(after ?? null)}`,
  ]);
  const rows = about.map(([name, value]) => [String(name), String(value)]);
  return [...columns(['', ''], rows).slice(1), '', ...columns(['ATTRIBUTE', 'CHANGE'], changed)];
}
