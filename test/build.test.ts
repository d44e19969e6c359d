import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../src/storage/snapshot.ts';

const execute = promisify(execFile);
const environment = { PATH: process.env.PATH, HOME: process.env.HOME };

describe('the build', () => {
  it('is a few files with the whole command line', async () => {
    const { stdout } = await execute(process.execPath, ['dist/cli.js', 'profile', 'list', '--json'], {
      env: environment,
    });
    expect(JSON.parse(stdout).profiles.length).toBeGreaterThan(1);
    expect(readdirSync('dist').filter((name) => name.endsWith('.js')).length).toBeLessThan(20);
  });

  it('has the snapshot from which embedded databases begin, and no other', () => {
    expect(readSnapshot()).toBeInstanceOf(Blob);
    expect(readdirSync('dist').filter((name) => name.startsWith('embedded-') && name.endsWith('.gz'))).toHaveLength(1);
  });

  it('is what a checkout runs', async () => {
    expect(existsSync('dist/cli.js')).toBe(true);
    const { stdout } = await execute(process.execPath, ['run.mjs', '--version'], { env: environment });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
