import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importFile } from '../../src/directory/import.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
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
