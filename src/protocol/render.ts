import { emptyObject, type JsonObject, type JsonValue } from '../schema/json.ts';
import type { ResourceTypeDefinition } from '../schema/resource-type.ts';
import { LIST_RESPONSE } from '../schema/urns.ts';
import { etagOf } from './etag.ts';

/** What the server knows of a resource beside its document. */
export interface ResourceState {
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly lastModified: string;
}

/** The URI of a resource. */
export function locationOf(baseUrl: string, type: ResourceTypeDefinition, id: string): string {
  return `${baseUrl}${type.endpoint}/${id}`;
}

/** The resource as served: its document, what is kept in rows (absent when empty), and `meta` last (RFC 7643 §3.1). */
export function renderResource(
  type: ResourceTypeDefinition,
  document: JsonObject,
  rows: Readonly<Record<string, JsonValue[] | undefined>>,
  state: ResourceState,
  baseUrl: string,
): JsonObject {
  const resource: JsonObject = Object.assign(emptyObject(), document);
  for (const [name, elements] of Object.entries(rows)) {
    if (elements && elements.length > 0) resource[name] = elements;
  }
  resource.meta = metaOf(type, state, baseUrl);
  return resource;
}

function metaOf(type: ResourceTypeDefinition, state: ResourceState, baseUrl: string): JsonObject {
  return {
    resourceType: type.name,
    created: state.created,
    lastModified: state.lastModified,
    location: locationOf(baseUrl, type, state.id),
    version: etagOf(state.version),
  };
}

/** The same as text, of a document that is shown whole: it need not be parsed for that. */
export function renderText(
  type: ResourceTypeDefinition,
  documentText: string,
  rows: Readonly<Record<string, JsonValue[] | undefined>>,
  state: ResourceState,
  baseUrl: string,
): string {
  // An object with a member at least: the document has `schemas`.
  let text = documentText.slice(0, -1);
  for (const [name, elements] of Object.entries(rows)) {
    if (elements && elements.length > 0) text += `,${JSON.stringify(name)}:${JSON.stringify(elements)}`;
  }
  return `${text},"meta":${JSON.stringify(metaOf(type, state, baseUrl))}}`;
}

/** Characters from which on a part is worth sending by itself. */
const PART_LENGTH = 16_384;

/** A page of a list, without its resources and with them. */
export interface ListPage<Body> {
  readonly head: JsonObject;
  readonly resources: readonly Body[];
}

/** A ListResponse (RFC 7644 §3.4.2). `Resources` is there even when empty: clients read it without looking. */
export function listResponse(resources: readonly JsonObject[], totalResults: number, startIndex: number): JsonObject {
  return bodyOfList(listPage(resources, totalResults, startIndex));
}

/** The page of a ListResponse. */
export function listPage<Body>(resources: readonly Body[], totalResults: number, startIndex: number): ListPage<Body> {
  return {
    head: { schemas: [LIST_RESPONSE], totalResults, startIndex, itemsPerPage: resources.length },
    resources,
  };
}

/** The page of a ListResponse by cursor (RFC 9865 §2): the cursors are those of the pages that there are, and no others. */
export function cursorListPage<Body>(
  resources: readonly Body[],
  totalResults: number,
  cursors: { readonly previous?: string; readonly next?: string },
): ListPage<Body> {
  return {
    head: {
      schemas: [LIST_RESPONSE],
      totalResults,
      itemsPerPage: resources.length,
      ...(cursors.previous === undefined ? {} : { previousCursor: cursors.previous }),
      ...(cursors.next === undefined ? {} : { nextCursor: cursors.next }),
    },
    resources,
  };
}

/** The message that a page is. */
export function bodyOfList({ head, resources }: ListPage<JsonObject>): JsonObject {
  return { ...head, Resources: [...resources] };
}

/** The same as text, of the texts of its resources: none of them need be parsed for that. */
export function textOfList({ head, resources }: ListPage<string>): string {
  return `${beginningOf(head)}${resources.join(',')}]}`;
}

/**
 * The same in parts, of the texts of its resources, each of which may come in parts itself. How many there are is told last:
 * some may be gone when it is their turn.
 */
export async function* partsOfList(
  { itemsPerPage: _, ...head }: JsonObject,
  resources: AsyncIterable<string | AsyncIterable<string>>,
): AsyncGenerator<string> {
  let text = beginningOf(head);
  let count = 0;
  for await (const resource of resources) {
    if (count++ > 0) text += ',';
    for await (const part of typeof resource === 'string' ? [resource] : resource) {
      text += part;
      if (text.length < PART_LENGTH) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}],"itemsPerPage":${count}}`;
}

function beginningOf(head: JsonObject): string {
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[`;
}
