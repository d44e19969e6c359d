import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/count-reporter.ts'],
    // An embedded database takes about a second to open and a few hundred megabytes to keep open.
    pool: 'forks',
    maxWorkers: 2,
    // Generous, for tests that start whole servers on a machine that has other work too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
