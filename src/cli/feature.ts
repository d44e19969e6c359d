import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { featuresOf, switchFeature } from '../directory/features.ts';
import { COMMAND_LINE } from '../directory/operator.ts';
import { tenantNamed } from '../directory/tenants.ts';
import { FEATURE_NAMES } from '../profiles/features.ts';
import type { JsonObject } from '../schema/json.ts';
import { answer, storageCommand } from './command.ts';
import { type CommonOptions, withStorage } from './session.ts';
import type { Terminal } from './terminal.ts';

const SWITCHES = [
  { word: 'on', on: true, method: 'PUT' },
  { word: 'off', on: false, method: 'DELETE' },
] as const;

/** Adds `feature list`, `feature on` and `feature off`. */
export function addFeature(program: Command, terminal: Terminal): void {
  const feature = program.command('feature').description('Switch on what a tenant has beside its profile');

  storageCommand(feature, 'list <tenant>', 'List the features, and which of them the tenant has on', [
    'feature list acme',
  ]).action(async (slug: string, options: CommonOptions) => {
    await withStorage(terminal, options, `GET /admin/tenants/${slug}/features`, async ({ context }) => {
      const features = featuresOf(await tenantNamed(context, slug));
      answer(terminal, options.json, { features }, linesOf(features));
    });
  });

  for (const { word, on, method } of SWITCHES) {
    const summary = `Switch a feature ${word}: ${FEATURE_NAMES.join(', ')}`;
    storageCommand(feature, `${word} <tenant> <feature>`, summary, [`feature ${word} acme ${FEATURE_NAMES[0]}`]).action(
      async (slug: string, name: string, options: CommonOptions) => {
        await withStorage(
          terminal,
          options,
          `${method} /admin/tenants/${slug}/features/${name}`,
          async ({ context }) => {
            const tenant = await tenantNamed(context, slug);
            const features = featuresOf(await switchFeature(context, COMMAND_LINE, tenant, name, on));
            answer(terminal, options.json, { features }, linesOf(features));
          },
        );
      },
    );
  }
}

function linesOf(features: readonly JsonObject[]): string[] {
  return columns(
    ['FEATURE', 'ON', 'WHAT IT IS'],
    features.map(({ name, on, description }) => [String(name), on ? 'yes' : 'no', String(description)]),
  );
}
