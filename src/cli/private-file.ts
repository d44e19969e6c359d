import { createWriteStream, rmSync } from 'node:fs';
import { open, realpath, rename, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Refusal } from './refusal.ts';

/**
 * Writes a file that only this user can read. It takes the place of one of that name when it is whole, so that what fails
 * leaves that one as it was; what is no file, such as a pipe, is written to as it comes.
 */
export async function writePrivateFile(file: string, lines: AsyncIterable<string>): Promise<void> {
  try {
    const there = await stat(file).catch(() => undefined);
    if (there && !there.isFile()) await pipeline(lines, createWriteStream(file));
    // Where a link leads, so that it stays one.
    else await replaceFile(there ? await realpath(file) : file, lines);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error) {
      throw unwritable(file, String(error.code));
    }
    throw error;
  }
}

/** Codes of what another name would mend; a full disk it would not. */
const MISNAMED = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS'];

/** Says that a file can't be written, and what to do about it. */
export function unwritable(file: string, code: string): Refusal {
  const advice = MISNAMED.includes(code) ? '; name a file in a folder that is there and can be written to' : '';
  return new Refusal(`${file} can't be written (${code})${advice}.`);
}

async function replaceFile(file: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  const remove = () => rmSync(part, { force: true });
  process.once('exit', remove);
  try {
    // One that is left of a process of that number may have another mode.
    remove();
    // Opened by now, else it could come to be after it was removed.
    const out = await open(part, 'wx', 0o600);
    await pipeline(lines, out.createWriteStream());
    await rename(part, file);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
