import { ERROR } from '../../src/schema/urns.ts';
import type { Made } from './world.ts';

/** Processor time that an answer may take, in milliseconds. */
export const MOST_CPU_MS = 1000;
/** Time that an answer may take where the processor is busy with something else. */
export const MOST_WAIT_MS = 15_000;

/** What is wrong with what came of a request, whatever it was. */
export function brokenPromises({ sent, heard, foreign, mayDrop }: Made): string[] {
  if (!heard) return mayDrop ? [] : ['the connection ended without an answer'];
  return [
    ...aboutStatus(heard),
    ...aboutTime(heard),
    ...aboutOthers(sent, heard, foreign),
    ...aboutErrors(sent, heard),
  ];
}

type Heard = NonNullable<Made['heard']>;

function aboutStatus({ status, headers, text }: Heard): string[] {
  if (status < 500 || status === 501) return [];
  // Failures that an operator has played to the tenant, and turning away when there is too much to do.
  const meant = headers['x-rollcall-faults'] !== undefined || (status === 503 && headers['retry-after'] !== undefined);
  return meant ? [] : [`${status}: ${text.slice(0, 300)}`];
}

function aboutTime({ milliseconds, cpuMilliseconds }: Heard): string[] {
  if (cpuMilliseconds > MOST_CPU_MS) return [`it took ${cpuMilliseconds} ms of processor time`];
  return milliseconds > MOST_WAIT_MS ? [`it took ${Math.round(milliseconds)} ms`] : [];
}

/** What the tenant that asked neither has nor sent must not be in the answer to it. */
function aboutOthers(sent: Made['sent'], { text, headers }: Heard, foreign: readonly string[]): string[] {
  const said = `${text}\n${JSON.stringify(headers)}`;
  const asked = `${sent.path}\n${String(sent.body ?? '')}`;
  const leaked = foreign.find((one) => said.includes(one) && !asked.includes(one));
  return leaked === undefined ? [] : [`the answer has ${leaked} of another tenant`];
}

function aboutErrors(sent: Made['sent'], { status, headers, text }: Heard): string[] {
  if (status < 400 || sent.method === 'HEAD') return [];
  const type = String(headers['content-type']);
  if (!/^application\/(?:scim\+)?json/.test(type)) return [`an error of Content-Type ${type}`];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [`an error that is no JSON: ${text.slice(0, 100)}`];
  }
  // RFC 6749 §5.2 has the errors of the token endpoint.
  if (sent.path.startsWith('/oauth/token')) {
    const { error, error_description: description } = (body ?? {}) as Record<string, unknown>;
    return error !== undefined && description ? [] : ['an error of the token endpoint without error and description'];
  }
  const { schemas, status: said, detail } = (body ?? {}) as Record<string, unknown>;
  if (JSON.stringify(schemas) !== JSON.stringify([ERROR])) return ['an error without the Error schema'];
  if (said !== String(status)) return [`an error of status ${status} that says ${String(said)}`];
  if (typeof detail !== 'string' || detail.trim() === '') return ['an error without a detail'];
  if (/\bat .+\.[jt]s:\d+|select .+ from |node_modules|\/src\//.test(detail))
    return [`an error that tells internals: ${detail}`];
  if (status === 401 && headers['www-authenticate'] === undefined) return ['a 401 without WWW-Authenticate'];
  return [];
}
