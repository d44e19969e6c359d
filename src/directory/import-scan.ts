import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { invalidSyntax, invalidValue } from '../protocol/errors.ts';
import { abridged, kindOf, parseJsonBody } from '../protocol/json.ts';
import { isObject, type JsonObject, type JsonValue, memberNamed } from '../schema/json.ts';
import type { Registry } from '../schema/registry.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { type Line, MAX_LINE_BYTES, partsOf } from './import-lines.ts';
import { SourceIds } from './import-source-ids.ts';
import { holdsMembers } from './representation.ts';

/** What a file holds, as far as it matters before anything of it is carried out. */
export interface Scan {
  /** SHA-256 of the file. */
  readonly digest: string;
  /** How many lines have something. */
  readonly lines: number;
  // Of the lines up to where it has come:
  readonly ids: SourceIds;
  /** Lines of resources that have members. */
  readonly groups: ReadonlySet<number>;
  /** Of those, the ones that go on with the members of an earlier line. */
  readonly further: ReadonlySet<number>;
  /** Lines whose id another one had that has no members to go on with. */
  readonly repeated: ReadonlySet<number>;
  /** Resolves when it has come to the end of that part. */
  through(batch: number): Promise<void>;
  /** Resolves when it has come to the end of the file: only then it is known which ids no line has. */
  toEnd(): Promise<void>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** A line that was read. */
export interface Incoming {
  readonly line: number;
  readonly type: ResourceTypeDefinition;
  /** The id that it has in the file. */
  readonly source: string | undefined;
  readonly body: JsonObject;
}

/**
 * Begins to go through the file without carrying out anything. What it is, and how long, is known at once; of its lines
 * only those are parsed that were asked for, so that the database need not wait for all of them. `read` is told how many
 * bytes there were.
 */
export async function scanFile(
  registry: Registry,
  file: string,
  read: (bytes: number) => void | Promise<void>,
): Promise<Scan> {
  const hash = createHash('sha256');
  let count = 0;
  let bytes = 0;
  const seen = (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  };
  for await (const { lines } of partsOf(file, seen)) {
    count += lines.length;
    await read(bytes);
  }
  return { digest: hash.digest('hex'), lines: count, ...scanning(registry, file) };
}

function scanning(registry: Registry, file: string): Omit<Scan, 'digest' | 'lines'> {
  const ids = new SourceIds();
  const [groups, further, repeated] = [new Set<number>(), new Set<number>(), new Set<number>()];
  const take = (line: Line) => {
    const body = bodyOf(line);
    if (!body) return;
    const type = typeOf(registry, body);
    const isGroup = type !== undefined && holdsMembers(type);
    if (isGroup) groups.add(line.number);
    const source = sourceOf(body);
    if (source !== undefined && !ids.add(source, line.number)) (isGroup ? further : repeated).add(line.number);
  };
  const parts = partsOf(file);
  let next = 0;
  const goOn = async (to: number) => {
    while (next <= to) {
      const { done, value } = await parts.next();
      next = done ? Number.POSITIVE_INFINITY : value.batch + 1;
      if (!done) for (const line of value.lines) take(line);
    }
  };
  // One after the other, as there is one place where it has come to.
  let last: Promise<void> = Promise.resolve();
  const through = async (batch: number) => {
    if (batch < next) return;
    last = last.then(() => goOn(batch));
    await last;
  };
  const close = async () => {
    await parts.return(undefined);
  };
  return { ids, groups, further, repeated, through, toEnd: () => through(Number.MAX_SAFE_INTEGER), close };
}

/** The resource in a line; throws why there is none. */
export function incoming(registry: Registry, { number, bytes }: Line): Incoming {
  if (bytes === undefined) {
    throw invalidSyntax(
      `The line is longer than ${MAX_LINE_BYTES} bytes; spread a group's members over several lines.`,
    );
  }
  const body = parseJsonBody(textOf(bytes));
  if (Array.isArray(body)) {
    throw invalidSyntax(
      'The line holds an array; write one resource a line (JSON Lines), without brackets and commas.',
    );
  }
  if (!isObject(body)) throw invalidSyntax(`The line must hold a resource, a JSON object; got ${kindOf(body)}.`);
  const type = typeOf(registry, body);
  if (type) return { line: number, type, source: sourceOf(body), body };
  const names = registry.types.map(({ name, schema }) => `${name} (${schema.id})`).join(', ');
  throw invalidValue(
    `The line says ${saidType(body)}; name a type that the tenant has, by schemas or meta.resourceType: ${names}.`,
  );
}

// Whether it is well-formed in each respect is seen when it is carried out.
function bodyOf({ bytes }: Line): JsonObject | undefined {
  try {
    const body = bytes && (JSON.parse(bytes.toString('utf8')) as JsonValue);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw invalidSyntax('The line is not UTF-8; write JSON in UTF-8 (RFC 8259 §8.1).');
}

function sourceOf(body: JsonObject): string | undefined {
  const id = memberNamed(body, 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The type that a resource says it has. */
function typeOf({ types }: Registry, body: JsonObject): ResourceTypeDefinition | undefined {
  const meta = memberNamed(body, 'meta');
  const named = isObject(meta) ? memberNamed(meta, 'resourceType') : undefined;
  if (typeof named === 'string') return types.find(({ name }) => name === named);
  const schemas = memberNamed(body, 'schemas');
  const urns = new Set(Array.isArray(schemas) ? schemas.map((urn) => String(urn).toLowerCase()) : []);
  return types.find(({ schema }) => urns.has(schema.id.toLowerCase()));
}

function saidType(body: JsonObject): string {
  const meta = memberNamed(body, 'meta');
  const named = isObject(meta) ? memberNamed(meta, 'resourceType') : undefined;
  if (typeof named === 'string') return `that it is a "${abridged(named)}"`;
  const schemas = memberNamed(body, 'schemas');
  return schemas === undefined ? 'nothing of its schemas' : `schemas ${abridged(JSON.stringify(schemas) ?? '')}`;
}
