import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { listKeys, rotateKeys, showKey } from '../directory/signing-keys.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Adds `key rotate` and `key list`. */
export function addKey(program: Command, terminal: Terminal): void {
  const key = program.command('key').description('Keys that sign access tokens');

  storageCommand(key, 'rotate', 'Make a new key; tokens under the old ones stay good until they expire', [
    'key rotate',
    'key rotate --at-once',
  ])
    .option('--at-once', 'end the old keys now, and with them every access token: for a key that is no secret any more')
    .action(async ({ atOnce, ...options }: CommonOptions & { atOnce?: boolean }) => {
      await withStorage(terminal, options, 'POST /admin/signing-keys/rotate', async ({ context, oauth }) => {
        const shown = showKey(await rotateKeys(context, oauth, atOnce));
        answer(terminal, options.json, { key: shown }, [`The key ${shown.kid} signs from ${shown.signsFrom}.`]);
      });
    });

  storageCommand(key, 'list', 'List the keys whose tokens are taken', ['key list']).action(
    async (options: CommonOptions) => {
      await withStorage(terminal, options, 'GET /admin/signing-keys', async ({ context }) => {
        const keys = (await listKeys(context)).map(showKey);
        const rows = keys.map(({ kid, signsFrom, retiresAt }) => [kid, signsFrom, retiresAt ?? 'stays'].map(String));
        const lines = rows.length > 0 ? columns(['KID', 'SIGNS FROM', 'RETIRES'], rows) : ['There is no key yet.'];
        answer(terminal, options.json, { keys }, lines);
      });
    },
  );
}
