import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Gives the name of a file to `work`; what comes as a stream is written to one first, since an import goes through its
 * file several times. Only this user can read it, and it goes when the work is done.
 */
export async function withSpooled<T>(
  source: string | AsyncIterable<Buffer>,
  work: (file: string) => Promise<T>,
): Promise<T> {
  if (typeof source === 'string') return work(source);
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-import-'));
  // There may be passwords in it.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const file = path.join(folder, 'lines');
    await pipeline(source, createWriteStream(file, { mode: 0o600 }));
    return await work(file);
  } finally {
    process.off('exit', remove);
    await rm(folder, { recursive: true, force: true });
  }
}
