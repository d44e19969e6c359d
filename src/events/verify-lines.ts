import { isObject, type JsonObject } from '../schema/json.ts';
import { Chain, type Verification } from './chain.ts';
import { type SealHash, sealHashOf } from './seal.ts';

/** The seal whose events are being read. */
interface Open {
  readonly number: number;
  readonly count: number;
  readonly hash: string;
  readonly hashed: SealHash;
  events: number;
}

/**
 * Verifies the lines of an export by themselves. Of each event the very text counts: what it says in its line is what was
 * sealed. The lines may be those of a part of the trail, or of several exports that continue each other.
 */
export async function verifyLines(lines: AsyncIterable<string>, expected?: string): Promise<Verification> {
  const chain = new Chain({ expected, whole: false });
  const claimed = new Map<string, number>();
  let tenant: string | undefined;
  let open: Open | undefined;
  let ended = false;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const said = objectIn(line);
    if (!said) chain.problem(`Line ${number} is no JSON object.`);
    else if ('event' in said) {
      if (!open) chain.problem(`Line ${number} is an event under no seal.`);
      else {
        open.hashed.add([line]);
        open.events += 1;
      }
    } else {
      if (open) close(chain, open);
      open = undefined;
      if ('seal' in said) {
        if (tenant !== undefined && said.tenant !== tenant) {
          chain.problem(`Line ${number} is a seal of the tenant ${String(said.tenant)}, not of ${tenant}.`);
        }
        tenant ??= String(said.tenant);
        open = opened(chain, said, line);
      } else if ('end' in said) {
        ended = true;
        if (said.end !== null) chain.end({ number: Number(said.end), hash: String(said.hash) });
      } else if ('audit' in said) {
        ended = false;
        const head = tenantOf(said);
        if (head !== undefined && !claimed.has(head)) claimed.set(head, number);
      } else chain.problem(`Line ${number} is neither an event nor a seal.`);
    }
  }
  if (open) close(chain, open);
  for (const [head, at] of claimed) {
    if (tenant === undefined || head === tenant) continue;
    chain.problem(`Line ${at} says that the export is of the tenant ${head}, and its seals are of ${tenant}.`);
  }
  if (!ended) chain.problem('The last line is not the end of an export: lines are missing.');
  return chain.finish();
}

/** The tenant that a head names; who leaves it out claims nothing that the seals could contradict. */
function tenantOf({ tenant }: JsonObject): string | undefined {
  const id = isObject(tenant) ? tenant.id : undefined;
  return id === undefined ? undefined : String(id);
}

function opened(chain: Chain, { seal, previous, count, hash }: JsonObject, line: string): Open {
  const name = { number: Number(seal), previous: String(previous), hash: String(hash) };
  chain.seal(name);
  // What is hashed is the line as it was before the hash was known, which stands at its end.
  const head = line.replace(/,"hash":"[^"]*"\}$/, '}');
  return { ...name, count: Number(count), hashed: sealHashOf(head), events: 0 };
}

function close(chain: Chain, { number, count, hash, hashed, events }: Open): void {
  chain.count(events);
  if (events !== count) chain.problem(`Seal ${number}: it says ${count} events, and there are ${events}.`);
  else if (hashed.hex() !== hash) {
    chain.problem(`Seal ${number}: an event of it was changed, added or moved, or the seal itself.`);
  }
}

function objectIn(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value as JsonObject) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
