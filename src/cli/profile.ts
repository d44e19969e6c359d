import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { checkOwnProfile } from '../profiles/contradictions.ts';
import { PROFILES, profileNamed } from '../profiles/index.ts';
import { flagsSetIn } from '../profiles/own-flags.ts';
import { type Deviation, deviationsOf, type OwnProfile } from '../profiles/own-profile.ts';
import { abridged } from '../protocol/json.ts';
import { type JsonValue, sameJson } from '../schema/json.ts';
import { answer, examplesText } from './command.ts';
import { documentIn } from './document.ts';
import { Refusal } from './refusal.ts';
import { COMMAND, type Terminal } from './terminal.ts';

interface Options {
  readonly json?: boolean;
}

/** Adds `profile check`, `profile list` and `profile show`, which need no storage. */
export function addProfile(program: Command, terminal: Terminal): void {
  const profile = program.command('profile').description('Look at dialects, and check one of your own');

  profileCommand(profile, 'check <file>', 'Check a profile of your own and say what each of its lines changes', [
    'profile check acme-vendor.json',
    'profile check - --json < acme-vendor.json',
  ]).action((file: string, { json }: Options) => {
    const { own, problems } = checkOwnProfile(documentIn(file));
    if (!own) {
      if (json) answer(terminal, json, { problems: [...problems] }, []);
      throw new Refusal(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    }
    const deviations = deviationsOf(own);
    const { name, title } = own.profile;
    const document = {
      profile: { name, title, extends: own.base.name },
      changes: deviations.map((deviation) => ({ ...deviation, changed: changes(deviation) })),
    };
    answer(terminal, json, document, linesOf(file, own, deviations));
  });

  profileCommand(profile, 'list', 'List the profiles that ship', ['profile list']).action(({ json }: Options) => {
    const profiles = PROFILES.map(({ name, title }) => ({ name, title }));
    const rows = profiles.map(({ name, title }) => [name, title]);
    answer(terminal, json, { profiles }, columns(['NAME', 'TITLE'], rows));
  });

  profileCommand(profile, 'show <name>', 'Show each flag of a profile that ships', ['profile show rfc']).action(
    (name: string, { json }: Options) => {
      const found = profileNamed(name);
      if (!found) {
        const names = PROFILES.map((shipped) => shipped.name).join(', ');
        throw new Refusal(`There is no profile "${abridged(name)}"; the profiles are ${names}.`);
      }
      const rows = flagsSetIn({ ...found }).map(({ flag, value, meaning }) => [flag, textOf(value), meaning]);
      answer(terminal, json, { profile: { ...found } }, columns(['FLAG', 'VALUE', 'MEANING'], rows));
    },
  );
}

function profileCommand(parent: Command, usage: string, summary: string, examples: readonly string[]): Command {
  return parent
    .command(usage)
    .description(summary)
    .option('--json', 'print one JSON document for scripts')
    .addHelpText('after', examplesText(examples));
}

function linesOf(file: string, { profile, base }: OwnProfile, deviations: readonly Deviation[]): string[] {
  const rows = deviations.map((deviation) => {
    const { flag, from, to, meaning } = deviation;
    const before = flag.startsWith('quirks.') && from === null ? 'by grade' : textOf(from);
    return [flag, before, changes(deviation) ? textOf(to) : 'the same', meaning];
  });
  return [
    `${profile.name}: ${profile.title}`,
    '',
    ...(rows.length > 0 ? columns(['FLAG', base.name.toUpperCase(), 'HERE', 'MEANING'], rows) : []),
    ...(rows.length > 0 ? [''] : []),
    `Flags that differ from ${base.name}: ${deviations.filter(changes).length}. A tenant with this profile:`,
    `  ${COMMAND} tenant create acme --profile ${file}`,
  ];
}

function changes({ from, to }: Deviation): boolean {
  return !sameJson(from, to);
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
