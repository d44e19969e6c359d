import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StorageInUseError, StorageOpenError } from './errors.ts';

/** A held lock. */
export interface Lock {
  release(): void;
}

// A process writes its pid right after it made the file; an empty one that stays empty was left by a crash.
const EMPTY_FILE_PAUSE_MS = 200;
const ATTEMPTS = 5;

// Locks of this process: its own pid in a file of which it knows nothing is an earlier process's that had the same pid,
// as every first process of a container has.
const held = new Set<string>();

/**
 * Takes the lock file, which keeps a second process off the embedded database: two at once would corrupt it. Only a lock
 * whose process is gone is taken over; how old it is says nothing.
 */
export function takeLock(file: string): Lock {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (create(file)) return hold(file);
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (isAlive(file, holder)) throw inUse(file, holder);
    discard(file, holder);
  }
  throw new StorageOpenError(`The lock ${file} can't be taken: several processes are starting on this folder at once.`);
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw new StorageOpenError(`The lock ${file} can't be written. Check that its folder is writable.`, error);
  }
}

function hold(file: string): Lock {
  held.add(file);
  const release = () => {
    if (!held.delete(file)) return;
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.on('exit', release);
  return { release };
}

/** The pid in the file; 0 when there is none in it, undefined when the file is gone. */
function holderOf(file: string): number | undefined {
  const pid = pidIn(file);
  if (pid !== 0) return pid;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EMPTY_FILE_PAUSE_MS);
  return pidIn(file);
}

function pidIn(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new StorageOpenError(`The lock ${file} can't be read. Check its permissions.`, error);
  }
}

function isAlive(file: string, pid: number): boolean {
  if (pid === 0) return false;
  if (pid === process.pid) return held.has(file);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** Removes the lock of a dead process. By renaming it first: of several that try, one gets it. */
function discard(file: string, holder: number): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw new StorageOpenError(`The lock ${file} of a dead process can't be removed. Check its permissions.`, error);
  }
  const moved = pidIn(aside);
  // Another process was quicker and this is its new lock: give it back.
  if (moved !== undefined && moved !== holder) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function inUse(file: string, pid: number): StorageInUseError {
  const who = pid === process.pid ? 'this process already' : `process ${pid}`;
  return new StorageInUseError(
    `The embedded database is in use by ${who}. Stop that server first, or use its admin API, which does what the ` +
      `commands do (docs/operations.md, Admin API). If that process is not Rollcall, delete ${file}.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
