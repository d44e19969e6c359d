import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/storage/lock.ts';

const HOLDER = fileURLToPath(new URL('../support/hold-lock.ts', import.meta.url));

describe('takeLock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall-lock-'));
    file = path.join(folder, 'rollcall.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the file until it is released', () => {
    const lock = takeLock(file);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    lock.release();
    expect(existsSync(file)).toBe(false);
    takeLock(file).release();
  });

  it('refuses a second taker in the same process', () => {
    const lock = takeLock(file);
    expect(() => takeLock(file)).toThrow('in use by this process already');
    lock.release();
  });

  it('refuses while another process lives, and names it', async () => {
    const holder = await hold();
    // However old the lock is.
    utimesSync(file, 0, 0);
    expect(() => takeLock(file)).toThrow(new RegExp(`in use by process ${holder.pid}\\..*admin API`));
    expect(readFileSync(file, 'utf8')).toBe(String(holder.pid));
    holder.stdin.end();
    await once(holder, 'exit');
    expect(existsSync(file)).toBe(false);
  });

  it('takes over from a process that was killed', async () => {
    const holder = await hold();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(readFileSync(file, 'utf8')).toBe(String(holder.pid));
    takeLock(file).release();
  });

  it.each(['', 'half a pid', '-1'])('takes over a file that names no process: %j', (content) => {
    writeFileSync(file, content);
    takeLock(file).release();
  });

  it('takes over from an earlier process that had the same pid', () => {
    writeFileSync(file, String(process.pid));
    takeLock(file).release();
  });

  it('says so when the folder does not exist', () => {
    expect(() => takeLock(path.join(folder, 'none', 'rollcall.lock'))).toThrow("can't be written");
  });

  async function hold() {
    const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    return holder;
  }
});
