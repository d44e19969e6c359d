#!/usr/bin/env node
import { once } from 'node:events';
import { main } from './cli/main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads has seen enough, as with `| head`.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isScreen: process.stderr.isTTY === true,
  pipe: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
});
