import { beforeAll, describe, expect, test } from 'vitest';
import type { Grade } from '../../src/profiles/profile.ts';
import { QUIRKS } from '../../src/protocol/quirks/quirks.ts';
import type { JsonValue } from '../../src/schema/json.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { describeEachDatabase } from '../support/database.ts';
import { BARE } from './headers.ts';
import type { Names } from './names.ts';
import { namesFor, replaySteps, send, type Target } from './replay.ts';
import { ROWS_01_TO_06 } from './tolerances/rows-01-to-06.ts';
import { ROWS_07_TO_12 } from './tolerances/rows-07-to-12.ts';
import { ROWS_13_TO_18 } from './tolerances/rows-13-to-18.ts';
import { ROWS_19_TO_24 } from './tolerances/rows-19-to-24.ts';
import { ROWS_25_TO_30 } from './tolerances/rows-25-to-30.ts';
import { ROWS_31_TO_36 } from './tolerances/rows-31-to-36.ts';
import { ROWS_37_TO_42 } from './tolerances/rows-37-to-42.ts';
import { ROWS_43_TO_48 } from './tolerances/rows-43-to-48.ts';
import { type Case, setting, type Tolerance } from './tolerances/tolerance.ts';

const TOLERANCES: readonly Tolerance[] = [
  ...ROWS_01_TO_06,
  ...ROWS_07_TO_12,
  ...ROWS_13_TO_18,
  ...ROWS_19_TO_24,
  ...ROWS_25_TO_30,
  ...ROWS_31_TO_36,
  ...ROWS_37_TO_42,
  ...ROWS_43_TO_48,
];

describe('the tolerances', () => {
  test('are 48, in order', () => {
    expect(TOLERANCES.map(({ row }) => row)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
  });

  test('show every quirk there is', () => {
    const shown = TOLERANCES.flatMap(({ cases }) => cases.map(({ quirk }) => quirk)).filter((quirk) => quirk);
    expect([...new Set(shown)].sort()).toEqual(Object.keys(QUIRKS).sort());
  });
});

describeEachDatabase('tolerances', (open) => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startApp({ storage: await open() });
    return () => server.close();
  });

  test.each(TOLERANCES.map((tolerance) => [`${tolerance.row} ${tolerance.title}`, tolerance] as const))(
    '%s',
    async (_, { cases }) => {
      for (const shown of cases) {
        await understood(shown, await prepared('lenient', shown));
        const strict = await prepared('strict', shown);
        if (shown.quirk === undefined) await understood(shown, strict);
        else await answeredStrictly(shown, strict);
      }
    },
  );

  async function prepared(grade: Grade, { before }: Case): Promise<{ target: Target; names: Names }> {
    const { token } = await server.addTenant({ profile: 'rfc', grade });
    const target: Target = { baseUrl: server.url, token, profile: 'rfc' };
    const names = namesFor(target);
    await replaySteps([...setting, ...(before ?? [])], target, names);
    return { target, names };
  }
});

type Prepared = { target: Target; names: Names };

async function understood({ step, race }: Case, { target, names }: Prepared): Promise<void> {
  if (!race) {
    await replaySteps([step], target, names);
    return;
  }
  const answers = await Promise.all(race.map(() => send(step.request, target, names)));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual(race);
  for (const { path, body } of step.expect.state ?? []) {
    const seen = await send({ method: 'GET', path, headers: BARE }, target, names);
    expect(seen.body).toMatchObject(body as object);
  }
}

async function answeredStrictly({ step, strictly, quirk }: Case, { target, names }: Prepared): Promise<void> {
  if (strictly === undefined) throw new Error(`The case of ${quirk} does not say what the strict grade answers.`);
  if ('instead' in strictly) {
    await replaySteps([{ ...step, expect: strictly.instead, save: {} }], target, names);
    return;
  }
  const before = await everything(target, names);
  const answer = await send(step.request, target, names);
  expect({ request: step.title, ...(answer.body as object) }).toMatchObject({
    request: step.title,
    status: String(strictly.status),
    ...(strictly.scimType === undefined ? {} : { scimType: strictly.scimType }),
  });
  expect(answer.status).toBe(strictly.status);
  expect(await everything(target, names)).toEqual(before);
}

async function everything(target: Target, names: Names): Promise<(JsonValue | undefined)[]> {
  const [users, groups] = await Promise.all(
    ['/Users', '/Groups'].map((path) => send({ method: 'GET', path, headers: BARE }, target, names)),
  );
  return [users?.body, groups?.body];
}
