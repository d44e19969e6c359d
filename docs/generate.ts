import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TSchema } from '@sinclair/typebox';
import { FEATURES } from '../src/profiles/features.ts';
import { GRADE_FLAGS, GRADE_MEANINGS } from '../src/profiles/grades.ts';
import { PROFILES } from '../src/profiles/index.ts';
import { interopDeviations } from '../src/profiles/interop.ts';
import { GRADES, type Grade, Profile } from '../src/profiles/profile.ts';
import { DEFAULT_ROLE_NAMES, dialectOf } from '../src/profiles/resolve.ts';
import { DEMANDS } from '../src/protocol/quirks/demands.ts';
import { QUIRKS } from '../src/protocol/quirks/quirks.ts';
import { Settings } from '../src/settings.ts';
import { conformance } from './conformance/page.ts';
import { limits } from './limits/page.ts';
import { NOTE, table, text } from './markdown.ts';

/** The documents that are made from the code, by file name. */
export function documents(): Record<string, string> {
  return {
    'configuration.md': configuration(),
    'conformance.md': conformance(),
    'limits.md': limits(),
    'profiles.md': profiles(),
  };
}

/** Where a document of that name is kept. */
export function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function configuration(): string {
  const rows = Object.entries<TSchema>(Settings.properties).map(([name, schema]) => [
    `\`${name}\``,
    schema.default === undefined ? '' : `\`${schema.default}\``,
    `${schema.description}`,
  ]);
  return text([
    '# Settings',
    NOTE,
    'Settings come from the environment, or from a JSON file with the same names that `--config FILE` points to. The ' +
      'environment wins over the file; set and empty counts as not set. They are read once, at the start, and checked ' +
      'whole: every problem is told in a line of its own, and nothing starts until all are solved.',
    table(['setting', 'default', 'meaning'], rows),
    'A name that is not in this table is refused in the file. In the environment it is refused when it begins with ' +
      '`ROLLCALL_`, or when it is so close to a setting that is not set (`DATABASE_URI`) that it must have been meant as one.',
    'The role of `DATABASE_URL` has to own its database, unless another runs `rollcall migrate` (see ' +
      '[The audit trail](audit.md#keep-the-server-itself-from-changing-events)):',
    "```sql\ncreate role rollcall login password 'secret';\ncreate database rollcall owner rollcall;\n```",
    '```sh\nDATABASE_URL=postgres://rollcall:secret@localhost:5432/rollcall PORT=9000 npm start\n```',
    '```json\n{ "DATABASE_URL": "postgres://rollcall:secret@localhost:5432/rollcall", "PORT": 9000 }\n```',
  ]);
}

function profiles(): string {
  const head = ['flag', ...PROFILES.map(({ name }) => `\`${name}\``), 'meaning'];
  const rows = flags(Profile, PROFILES, '').filter(([flag]) => flag !== '`name`' && flag !== '`title`');
  return text([
    '# Profiles and grades',
    NOTE,
    'A tenant has a profile, which says how its API deviates from RFC 7643 and RFC 7644, and a grade, which says what ' +
      'is taken from clients beside what the RFCs let them send, or instead.',
    '## Profiles',
    table(
      ['profile', 'what it is'],
      PROFILES.map(({ name, title }) => [`\`${name}\``, title]),
    ),
    table(head, rows),
    '## Grades',
    GRADES.map((grade) => `- \`${grade}\`: ${GRADE_MEANINGS[grade]}`).join('\n'),
    'A tenant without a word of it is `lenient`. What the RFCs themselves ask of a server, such as names in any letter case ' +
      'and ignored readOnly input, is no tolerance and always there.',
    graded('tolerance', QUIRKS),
    'Demands are what the [SCIM 2.0 Interoperability Profile](https://github.com/Zollnerd/scim-interop-profile) and the ' +
      '[IPSIE AL SCIM profile](https://github.com/openid/ipsie-scim-al) ask beyond the RFCs.',
    graded('demand', DEMANDS),
    'In `/ServiceProviderConfig`, `interopProfileConformant` is true when the grade is `interop` and the profile has no flag ' +
      'that contradicts it:',
    table(
      ['profile', 'conforms in `interop`', 'because'],
      PROFILES.map((profile) => {
        const deviations = interopDeviations(dialectOf(profile, 'interop', { roles: DEFAULT_ROLE_NAMES }));
        return [`\`${profile.name}\``, shown(deviations.length === 0), deviations.join(', ')];
      }),
    ),
    '## Features',
    'Whatever its profile and grade, a tenant can have these switched on, with `rollcall feature on TENANT FEATURE` or the ' +
      'admin API (see [Operations](operations.md)). They are parts of drafts, whose names may still move, so they are off at ' +
      'first; what is off leaves no trace.',
    table(
      ['feature', 'what it is'],
      Object.entries(FEATURES).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
  ]);
}

/** A row for each flag: which grades have it, and what it does. */
function graded(kind: string, meanings: Readonly<Record<string, string>>): string {
  const has = (grade: Grade, name: string) => (GRADE_FLAGS[grade] as ReadonlySet<string>).has(name);
  const rows = Object.entries(meanings).map(([name, meaning]) => [
    `\`${name}\``,
    ...GRADES.map((grade) => shown(has(grade, name))),
    meaning,
  ]);
  return table([kind, ...GRADES.map((grade) => `\`${grade}\``), 'what it does'], rows);
}

/** A row for each flag of the profiles: its path, its value in each profile, its meaning. */
function flags(schema: TSchema, values: readonly unknown[], prefix: string): string[][] {
  return Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, inner]) => {
    const parts = values.map((value) => (value as Record<string, unknown>)[key]);
    if (inner.properties) return flags(inner, parts, `${prefix}${key}.`);
    return [[`\`${prefix}${key}\``, ...parts.map(shown), String(inner.description ?? '')]];
  });
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'object' && value !== null) return Object.keys(value).join(', ') || 'none';
  return `${value}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, content] of Object.entries(documents())) {
    const file = fileOf(name);
    if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== content) writeFileSync(file, content);
  }
}
