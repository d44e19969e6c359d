import type { JsonValue } from '../../schema/json.ts';
import { publishedTypes, type Registry } from '../../schema/registry.ts';
import type { ResourceTypeDefinition } from '../../schema/resource-type.ts';
import { invalidSyntax, invalidValue, notFound, ScimError } from '../errors.ts';
import { abridged, kindOf } from '../json.ts';
import type { SentOperation } from './message.ts';

/** An operation of a bulk request that says what a single request would. */
export type Operation = Creating | Replacing | Deleting;

interface Creating {
  readonly method: 'POST';
  readonly type: ResourceTypeDefinition;
  readonly bulkId: string;
  readonly data: JsonValue;
}

interface Replacing {
  readonly method: 'PUT' | 'PATCH';
  readonly type: ResourceTypeDefinition;
  /** The last part of the path, decoded. */
  readonly address: string;
  /** What If-Match would be. */
  readonly version: string | undefined;
  readonly data: JsonValue;
}

interface Deleting {
  readonly method: 'DELETE';
  readonly type: ResourceTypeDefinition;
  readonly address: string;
  readonly version: string | undefined;
}

/** The operation, checked in itself; throws what a single request would be answered. */
export function checkOperation(sent: SentOperation, registry: Registry, baseUrl: string): Operation {
  const method = methodOf(sent);
  if (sent.bulkId !== undefined && typeof sent.bulkId !== 'string') {
    throw invalidValue(`bulkId must be a string; got ${kindOf(sent.bulkId)}.`);
  }
  const { type, address } = targetOf(sent, registry, baseUrl);
  if (method === 'POST') {
    if (address !== undefined) {
      throw new ScimError(405, `POST takes the endpoint of a resource type as its path; send ${type.endpoint}.`);
    }
    if (!sent.bulkId) throw invalidSyntax('A POST needs a bulkId, unique in the request (RFC 7644 §3.7).');
    return { method, type, bulkId: sent.bulkId, data: dataOf(sent, method) };
  }
  if (address === undefined) {
    throw new ScimError(405, `${method} takes the path of one resource, such as ${type.endpoint}/{id}.`);
  }
  const version = versionOf(sent);
  if (method === 'DELETE') return { method, type, address, version };
  return { method, type, address, version, data: dataOf(sent, method) };
}

function methodOf({ method }: SentOperation): Operation['method'] {
  const name = typeof method === 'string' ? method.toUpperCase() : undefined;
  switch (name) {
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return name;
    case 'GET':
      throw new ScimError(405, 'A bulk request takes POST, PUT, PATCH and DELETE; send a GET by itself.');
    default:
      throw invalidSyntax(`An operation needs "method": POST, PUT, PATCH or DELETE; got ${kindOf(method)}.`);
  }
}

function dataOf({ data }: SentOperation, method: string): JsonValue {
  if (data === undefined) throw invalidSyntax(`A ${method} needs "data", the body that it would have by itself.`);
  return data;
}

function versionOf({ version }: SentOperation): string | undefined {
  if (version === undefined || typeof version === 'string') return version;
  throw invalidValue(`version must be a string such as W/"3", the resource's meta.version; got ${kindOf(version)}.`);
}

function targetOf({ path }: SentOperation, registry: Registry, baseUrl: string) {
  if (typeof path !== 'string') {
    throw invalidSyntax(`An operation needs "path", such as /Users or /Users/{id}; got ${kindOf(path)}.`);
  }
  const relative = path.startsWith(`${baseUrl}/`) ? path.slice(baseUrl.length) : path;
  if (/[?#]/.test(relative)) {
    throw invalidSyntax('The path of a bulk operation has no query and no fragment; leave them out.');
  }
  // Doubled and trailing slashes are ignored, as in the path of a request.
  const [endpoint, address, ...more] = relative.split('/').filter((part) => part !== '');
  const types = publishedTypes(registry);
  const type = types.find((candidate) => candidate.endpoint === `/${endpoint}`);
  if (!type || more.length > 0) {
    const known = types.map((candidate) => candidate.endpoint).join(' and ');
    throw notFound(
      `"${abridged(path)}" names no endpoint for bulk operations; paths are relative and begin with ${known}.`,
    );
  }
  return { type, address: address === undefined ? undefined : decoded(address) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ScimError(400, 'The path has a percent sign that begins no percent-encoded UTF-8; write it as %25.');
  }
}
