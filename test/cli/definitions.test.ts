import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { emptyPostgres } from '../support/database.ts';
import { BADGE, BADGE_URN, ROBOT, ROBOT_TYPE, SERVICE } from '../support/definitions.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-definitions-'));
const postgres = await emptyPostgres();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres?.drop();
});
const fileOf = (name: string, content: unknown): string => {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const badge = fileOf('badge.json', BADGE);

const places: [string, Record<string, string>][] = [['an embedded folder', { DATA_DIR: path.join(folder, 'data') }]];
if (postgres) places.push(['PostgreSQL', { DATABASE_URL: postgres.url }]);

describe.each(places)('commands for schemas and types on %s', (_, environment) => {
  const run = (...words: string[]) => runCommand(environment, words);
  const json = async (...words: string[]) => {
    const { code, out, err } = await run(...words, '--json');
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out);
  };
  beforeAll(async () => {
    await json('tenant', 'create', 'acme');
  });

  it('register, show, replace and remove a schema', async () => {
    const added = await json('schema', 'add', 'acme', badge, '--extends', 'User,Group');
    expect(added.usedBy.map(({ resourceType }: { resourceType: string }) => resourceType)).toEqual(['User', 'Group']);
    expect(await json('schema', 'list', 'acme')).toEqual({ schemas: [added] });
    expect((await run('schema', 'list', 'acme')).out).toMatch(new RegExp(`^${BADGE_URN} +User, Group$`, 'm'));
    const { out } = await run('schema', 'show', 'acme', BADGE_URN);
    expect(JSON.parse(out)).toEqual(added.schema);
    const attributes = [...added.schema.attributes, { name: 'size', type: 'integer' }];
    const replaced = await json('schema', 'replace', 'acme', fileOf('next.json', { ...added.schema, attributes }));
    expect(replaced.schema.attributes).toHaveLength(attributes.length);
    expect(await json('schema', 'remove', 'acme', BADGE_URN)).toEqual({ resourcesChanged: 0 });
    expect((await run('schema', 'list', 'acme')).out).toBe('acme registered no schema.\n');
  });

  it('require an extension only of types that are named', async () => {
    const { code, err } = await run('schema', 'add', 'acme', badge, '--required');
    expect(code).toBe(2);
    expect(err).toContain('--extends');
    expect((await run('schema', 'list', 'acme')).out).toBe('acme registered no schema.\n');
  });

  it('register, list and remove a type', async () => {
    for (const [name, content] of [
      ['robot', ROBOT],
      ['service', SERVICE],
    ] as const) {
      expect((await run('schema', 'add', 'acme', fileOf(`${name}.json`, content))).out).toContain(
        'No resource type uses it yet.',
      );
    }
    const added = await run('type', 'add', 'acme', fileOf('type.json', ROBOT_TYPE));
    expect([added.code, added.out]).toEqual([0, 'Registered Robot; its resources are at /Robots.\n']);
    expect((await run('type', 'list', 'acme')).out).toMatch(/^Robot +\/Robots +yes +urn:example/m);
    expect(JSON.parse((await run('type', 'show', 'acme', 'Robot')).out)).toMatchObject({ endpoint: '/Robots' });
    expect(await json('type', 'remove', 'acme', 'Robot', '--data', 'delete')).toEqual({ resourcesDeleted: 0 });
  });

  it('switch a built-in type on and off', async () => {
    const { resourceType } = await json('type', 'add', 'acme', '--builtin', 'Device');
    expect(resourceType).toMatchObject({ name: 'Device', endpoint: '/Devices' });
    expect((await run('type', 'remove', 'acme', 'Device')).out).toContain('Resources deleted: 0');
  });

  it.each<[string[], string]>([
    [['schema', 'add', 'acme', path.join(folder, 'none.json')], 'ENOENT'],
    [['schema', 'add', 'acme', fileOf('broken.json', '{"id": ')], 'is not JSON'],
    [
      ['schema', 'add', 'acme', fileOf('wrong.json', { ...BADGE, attributes: [{ name: 'x', type: 'text' }] })],
      'Attribute "x": "type"',
    ],
    [['schema', 'add', 'acme', badge, '--extends', 'Toaster'], 'no resource type "Toaster"'],
    [['schema', 'replace', 'acme', badge], 'registered no schema'],
    [['schema', 'show', 'acme', 'urn:x:y'], 'registered no schema'],
    [['schema', 'remove', 'none', 'urn:x:y'], 'There is no tenant "none"'],
    [['type', 'add', 'acme', '--builtin', 'Toaster'], 'they are Device, EndpointApp'],
    [['type', 'remove', 'acme', 'User'], 'ships with the server'],
  ])('refuse %j', async (words, why) => {
    const { code, out, err } = await run(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(why);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it.each([
    [['schema', 'add', 'acme']],
    [['type', 'add', 'acme']],
    [['type', 'add', 'acme', badge, '--builtin', 'Device']],
    [['type', 'remove', 'acme', 'Device', '--data', 'keep']],
  ])('do not understand %j', async (words) => {
    expect((await run(...words)).code).toBe(2);
  });

  it('take a file or a name, and say that it is not both', async () => {
    const { code, err } = await run('type', 'add', 'acme', badge, '--builtin', 'Device');
    expect([code, err]).toEqual([2, expect.stringContaining('not both')]);
  });
});
