import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { importFile } from '../../src/directory/import.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
import * as statistics from '../../src/storage/statistics.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, user } from '../support/directory.ts';

vi.mock('../../src/storage/statistics.ts', { spy: true });

describeEachDatabase('an import that is interrupted while it gathers statistics', (open) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-import-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('tells the next run what became of its lines', async () => {
    const storage = await open();
    const tenant = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug: `gathers-${randomUUID()}` });
    const { context, scope } = directoryOn(storage, { scope: { tenantId: tenant.id } });
    const file = path.join(folder, 'people.jsonl');
    writeFileSync(file, ['one', 'two'].map((name) => JSON.stringify(user(name))).join('\n'));
    const watcher = { progressed: () => {}, hadProblem: () => {} };
    const lost = new Error('the connection is gone');
    vi.mocked(statistics.gatherStatistics).mockRejectedValueOnce(lost);
    vi.mocked(statistics.tidyUp).mockRejectedValueOnce(lost);
    await expect(importFile(storage, context, scope, file, 'refuse', watcher)).rejects.toThrow(lost);
    vi.mocked(statistics.gatherStatistics).mockRestore();
    vi.mocked(statistics.tidyUp).mockRestore();
    const summary = await importFile(storage, context, scope, file, 'refuse', watcher);
    expect(summary).toEqual({ lines: 2, created: 2, replaced: 0, skipped: 0, problems: 0, resumed: true });
  });
});
