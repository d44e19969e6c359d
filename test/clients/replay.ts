import type { JsonValue } from '../../src/schema/json.ts';
import { type Answer, exchange } from './exchange.ts';
import { brokenPromises } from './invariants.ts';
import { mismatches } from './match.ts';
import { filled, filledText, type Names, valueAt } from './names.ts';
import type { ClientRequest, Expectation, ProfileName, Sequence, StateCheck, Step } from './sequence.ts';

/** A tenant to replay against. */
export interface Target {
  /** Base URL of its SCIM endpoints, without a slash at the end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly profile: ProfileName;
}

/** Replays the sequence; throws at the first step that does not go as it must, with all that is wrong about it. */
export async function replay(sequence: Sequence, target: Target): Promise<void> {
  await replaySteps(sequence.steps, target, namesFor(target));
}

/** What a run knows before its first step. */
export function namesFor(target: Target): Names {
  return new Map<string, JsonValue>([
    ['token', target.token],
    ['baseUrl', target.baseUrl],
  ]);
}

/** Replays the steps in order with what is known by name, and adds to that what they save. */
export async function replaySteps(steps: readonly Step[], target: Target, names: Names): Promise<void> {
  for (const step of steps) {
    if (step.only !== undefined && step.only !== target.profile) continue;
    for (let n = 1; n <= (step.times ?? 1); n++) {
      names.set('n', String(n));
      await replayStep(step, target, names);
    }
  }
}

async function replayStep(step: Step, target: Target, names: Names): Promise<void> {
  const answer = await send(step.request, target, names);
  const under = step.under?.[target.profile];
  const wanted = under?.status ?? step.expect.status;
  const wrong = brokenPromises(step.request.method, answer);
  if (wanted !== undefined && ![wanted].flat().includes(answer.status)) {
    wrong.push(`status ${answer.status}, expected ${wanted}`);
  }
  for (const expectation of [step.expect, under ?? {}]) wrong.push(...differences(expectation, answer, names));
  fail(step, target, answer, wrong);

  for (const [name, path] of Object.entries(step.save ?? {})) {
    const value = valueAt(answer.body, path);
    if (value === undefined) fail(step, target, answer, [`there is no ${path} to save`]);
    else names.set(filledText(name, names), value);
  }
  for (const check of [...(step.expect.state ?? []), ...(under?.state ?? [])]) {
    const seen = await send({ method: 'GET', path: check.path, headers: stateHeaders }, target, names);
    const differing = stateDifferences(check, seen, names);
    fail(step, target, seen, differing, `afterwards GET ${filledText(check.path, names)}`);
  }
}

const stateHeaders = { Authorization: 'Bearer {{token}}', Accept: 'application/scim+json' };

/** Sends a request of a client as it stands, with the names filled in. */
export function send(request: ClientRequest, target: Target, names: Names): Promise<Answer> {
  const url = new URL(target.baseUrl);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, filledText(value, names)]);
  const text = request.body === undefined ? request.text : JSON.stringify(filled(request.body, names));
  return exchange({
    method: request.method,
    url,
    path: url.pathname + filledText(request.path, names),
    headers: Object.fromEntries(headers),
    ...(text === undefined ? {} : { text: request.body === undefined ? filledText(text, names) : text }),
  });
}

function differences(expectation: Expectation, answer: Answer, names: Names): string[] {
  const wrong: string[] = [];
  if (expectation.body !== undefined) wrong.push(...mismatches(filled(expectation.body, names), answer.body));
  for (const [name, value] of Object.entries(expectation.headers ?? {})) {
    wrong.push(...mismatches(filled(value, names), answer.headers[name], `header ${name}`));
  }
  if (expectation.within !== undefined && answer.milliseconds > expectation.within) {
    wrong.push(`took ${Math.round(answer.milliseconds)} ms, at most ${expectation.within} are allowed`);
  }
  return wrong;
}

function stateDifferences(check: StateCheck, seen: Answer, names: Names): string[] {
  const wrong = brokenPromises('GET', seen);
  const wanted = check.status ?? 200;
  if (seen.status !== wanted) wrong.push(`status ${seen.status}, expected ${wanted}`);
  if (check.body !== undefined) wrong.push(...mismatches(filled(check.body, names), seen.body));
  return wrong;
}

function fail(step: Step, target: Target, answer: Answer, wrong: readonly string[], where = 'answer'): void {
  if (wrong.length === 0) return;
  const { method, path } = step.request;
  const lines = [
    `${step.title} (${target.profile}): ${method} ${path}`,
    ...(step.request.body === undefined ? [] : [`sent ${JSON.stringify(step.request.body)}`]),
    `${where}: ${answer.status} ${answer.text.slice(0, 1500)}`,
    ...wrong.map((line) => `- ${line}`),
  ];
  throw new Error(lines.join('\n  '));
}
