import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ImportSummary, type ImportWatcher, importFile } from '../../src/directory/import.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
import type { JsonObject, JsonValue } from '../../src/schema/json.ts';
import { GROUP_SCHEMA } from '../../src/schema/urns.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

const OPEN_FILES = '/proc/self/fd';

describeEachDatabase('an import', (open) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-import-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  // Only there it can be seen which files a process has open.
  it.skipIf(!existsSync(OPEN_FILES))('that is given up lets go of its file', async () => {
    const storage = await open();
    const tenant = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug: `given-up-${randomUUID()}` });
    const { context, scope } = directoryOn(storage, { scope: { tenantId: tenant.id } });
    const file = path.join(folder, 'people.jsonl');
    const lines = Array.from({ length: 2000 }, (_, index) => JSON.stringify(user(`u${index}`)));
    writeFileSync(file, lines.join('\n'));
    const watcher = {
      progressed: (stage: string) => {
        if (stage === 'resources') throw new Error('nobody is there any more');
      },
      hadProblem: () => {},
    };
    await expect(importFile(storage, context, scope, file, 'refuse', watcher)).rejects.toThrow('nobody is there');
    expect(openFiles()).not.toContain(file);
  });

  it('whose file is changed meanwhile says so, and is begun anew by the next', async () => {
    const storage = await open();
    const tenant = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug: `changed-${randomUUID()}` });
    const { context, scope } = directoryOn(storage, { scope: { tenantId: tenant.id } });
    const file = path.join(folder, 'people.jsonl');
    const lines = Array.from({ length: 3000 }, (_, index) => JSON.stringify(user(`u${index}`))).join('\n');
    writeFileSync(file, lines);
    const cutting = {
      progressed: (stage: string) => {
        if (stage === 'resources') truncateSync(file, 1000);
      },
      hadProblem: () => {},
    };
    await expect(importFile(storage, context, scope, file, 'skip', cutting)).rejects.toMatchObject({
      status: 409,
      detail: expect.stringContaining('changed'),
    });
    writeFileSync(file, lines);
    const watcher = { progressed: () => {}, hadProblem: () => {} };
    const whole = await importFile(storage, context, scope, file, 'skip', watcher);
    expect(whole).toMatchObject({ lines: 3000, problems: 0, resumed: false });
    expect(whole.created + whole.skipped).toBe(3000);
  });

  it('that was interrupted goes on with the choice that it was begun with, and with no other', async () => {
    const storage = await open();
    const tenant = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug: `resumed-${randomUUID()}` });
    const { context, scope, search } = directoryOn(storage, { scope: { tenantId: tenant.id } });
    const file = path.join(folder, 'people.jsonl');
    const group = (id: string, ...members: string[]) =>
      JSON.stringify({
        schemas: [GROUP_SCHEMA],
        id,
        displayName: id,
        members: members.map((value) => ({ value })),
      });
    const people = Array.from({ length: 600 }, (_, index) => JSON.stringify(user(`u${index}`, { id: `u${index}` })));
    const lines = [
      group('parent', 'late'),
      ...people,
      group('team', 'u1', 'late'),
      group('late', 'u2'),
      group('team', 'u2'),
    ];
    writeFileSync(file, lines.join('\n'));
    const interrupted = {
      progressed: (stage: string, done: number) => {
        if (stage === 'groups' && done > 0) throw new Error('the power is gone');
      },
      hadProblem: () => {},
    };
    const patient = { progressed: () => {}, hadProblem: () => {} };
    await expect(importFile(storage, context, scope, file, 'refuse', interrupted)).rejects.toThrow('the power');
    for (const another of ['skip', 'replace'] as const) {
      await expect(importFile(storage, context, scope, file, another, patient)).rejects.toMatchObject({
        status: 409,
        detail: expect.stringContaining('"refuse"'),
      });
    }
    const summary = await importFile(storage, context, scope, file, 'refuse', patient);
    expect(summary).toMatchObject({ created: 603, problems: 0, resumed: true });
    const { Resources } = await search('Group', { sortBy: 'displayName' });
    expect((Resources as JsonObject[]).map(({ members }) => (members as JsonValue[]).length)).toEqual([1, 1, 3]);
    expect(await importFile(storage, context, scope, file, 'skip', patient)).toMatchObject({
      skipped: 603,
      resumed: false,
    });
  });

  it.each([
    ['amid its resources', 'resources', 1],
    ['behind its last line', 'groups', 1],
  ])('that another run of it ends %s says so, and of no line that it was wrong', async (_, at, from) => {
    const storage = await open();
    const tenant = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug: `twice-${randomUUID()}` });
    const { context, scope } = directoryOn(storage, { scope: { tenantId: tenant.id } });
    const file = path.join(folder, 'people.jsonl');
    const people = Array.from({ length: 1500 }, (_, index) => JSON.stringify(user(`u${index}`)));
    const team = JSON.stringify({ schemas: [GROUP_SCHEMA], displayName: 'Team' });
    writeFileSync(file, [...people, team].join('\n'));
    const problems: unknown[] = [];
    const hadProblem = (problem: unknown) => void problems.push(problem);
    const importing = (progressed: ImportWatcher['progressed']) =>
      importFile(storage, context, scope, file, 'refuse', { progressed, hadProblem });
    let other: Promise<ImportSummary> | undefined;
    const slow = importing(async (stage, done) => {
      if (stage !== at || done < from) return;
      other ??= importing(() => {});
      await other;
    });
    await expect(slow).rejects.toMatchObject({ status: 409, detail: expect.stringContaining('Another run') });
    expect(await other).toMatchObject({ created: 1501, problems: 0, resumed: true });
    expect(problems).toEqual([]);
  });
});

function openFiles(): string[] {
  return readdirSync(OPEN_FILES).flatMap((descriptor) => {
    try {
      return [readlinkSync(path.join(OPEN_FILES, descriptor))];
    } catch {
      // The one by which the folder was read.
      return [];
    }
  });
}
