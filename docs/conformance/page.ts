import { fileURLToPath } from 'node:url';
import { GRADES } from '../../src/profiles/profile.ts';
import { NOTE, table, text, wideTable } from '../markdown.ts';
import { RFCS, STATEMENTS } from './catalogue.ts';
import { type Showing, showings } from './shown.ts';
import { LEVELS, placeOf, type Statement } from './statement.ts';

/** The page that says, statement by statement, what Rollcall does and which tests show it. */
export function conformance(): string {
  const shown = byStatement(showings(fileURLToPath(new URL('../..', import.meta.url)), 'test'));
  return text([
    '# Conformance',
    NOTE,
    'Each row is one normative statement of RFC 7643, RFC 7644 or RFC 9865, read with the errata: what it asks in our ' +
      'words, what Rollcall does, and the tests that show it. Where the three grades of a tenant (see ' +
      '[profiles](profiles.md)) differ, the row says so.',
    'SHALL and REQUIRED stand as MUST, RECOMMENDED as SHOULD. Left out is what binds only clients, authors of ' +
      'specifications or registries, unless it matters what becomes of a client that breaks it: those rows are marked ' +
      '"client". Statements that a server may follow or leave (MAY) are listed where Rollcall makes use of them. Where ' +
      'the same thing is asked in several places, the row stands at the most exact one.',
    'A test names the statements that it shows, and this page is made from those names. The build fails when a MUST ' +
      'or a MUST NOT has no test, and when the page is not what the code says.',
    '## Count',
    table(
      ['', ...LEVELS, 'not met, or not in every grade'],
      Object.entries(RFCS).map(([rfc, title]) => {
        const own = STATEMENTS.filter(({ id }) => placeOf(id).rfc === rfc);
        const counts = LEVELS.map((level) => `${own.filter((statement) => statement.level === level).length}`);
        return [`RFC ${rfc}, ${title}`, ...counts, `${own.filter(({ unmet }) => unmet !== undefined).length}`];
      }),
    ),
    ...Object.entries(RFCS).flatMap(([rfc, title]) => [
      `## RFC ${rfc}: ${title}`,
      wideTable(
        ['statement', 'level', 'asks', 'Rollcall', 'shown by'],
        STATEMENTS.filter(({ id }) => placeOf(id).rfc === rfc).map((statement) => row(statement, shown)),
      ),
    ]),
  ]);
}

function byStatement(all: readonly Showing[]): ReadonlyMap<string, Showing[]> {
  const shown = new Map<string, Showing[]>();
  for (const showing of all) {
    for (const id of showing.ids) shown.set(id, [...(shown.get(id) ?? []), showing]);
  }
  return shown;
}

function row(statement: Statement, shown: ReadonlyMap<string, Showing[]>): string[] {
  const { id, level, asks, erratum, on } = statement;
  const tests = (shown.get(id) ?? []).map(
    ({ file, title }) => `[${file.slice('test/'.length)}](../${file}): ${plain(title)}`,
  );
  return [
    id,
    on === undefined ? level : `${level} (${on})`,
    erratum === undefined ? asks : `${asks} ([erratum ${erratum}](https://www.rfc-editor.org/errata/eid${erratum}))`,
    doing(statement),
    tests.join('<br>'),
  ];
}

function doing({ does, unmet }: Statement): string {
  const parts = typeof does === 'string' ? [does] : GRADES.map((grade) => `\`${grade}\`: ${does[grade]}`);
  return [...unmetParts(unmet), ...parts].join('<br>');
}

function unmetParts(unmet: Statement['unmet']): string[] {
  if (unmet === undefined) return [];
  if (typeof unmet === 'string') return [`**Not met:** ${unmet}`];
  return Object.entries(unmet).map(([grade, reason]) => `**Not met in \`${grade}\`:** ${reason}`);
}

/** A title in which nothing is read as Markdown or HTML. */
function plain(title: string): string {
  return title.replace(/[\\`*_<>[\]]/g, '\\$&');
}
