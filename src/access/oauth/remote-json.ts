import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isObject, type JsonObject } from '../../schema/json.ts';
import type { HostRules } from './host-rules.ts';

/** Most bytes of a document that is fetched. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;
/** How long fetching one may take, from the name's look-up to the last byte. */
export const FETCH_TIMEOUT_MS = 3000;

/** Fetches a JSON object. */
export type FetchJson = (url: string) => Promise<JsonObject>;

/**
 * Fetches JSON objects from the hosts that the rules admit, and from no other: no redirect is followed, and the connection
 * goes to the very address that was judged, so that a name can't mean another one the second time.
 */
export function createFetchJson(rules: HostRules, timeoutMs: number = FETCH_TIMEOUT_MS): FetchJson {
  return async (text) => {
    const problem = rules.problemOf(text);
    if (problem !== undefined) throw new Error(`${text} ${problem}.`);
    const url = new URL(text);
    const signal = AbortSignal.timeout(timeoutMs);
    const document: unknown = JSON.parse(await bodyOf(await answerOf(url, rules, signal)));
    if (!isObject(document)) throw new Error(`${text} answers with no JSON object.`);
    return document;
  };
}

function answerOf(url: URL, rules: HostRules, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? request : plainRequest;
  const headers = { accept: 'application/json, application/jwk-set+json', 'user-agent': 'rollcall' };
  return new Promise((resolve, reject) => {
    send(url, { agent: false, headers, signal, lookup: guardedLookup(url, rules) })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const { statusCode } = answer;
  if (statusCode !== 200) {
    answer.destroy();
    throw new Error(`It answers with the status ${statusCode}; redirects are not followed.`);
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_DOCUMENT_BYTES) {
      answer.destroy();
      throw new Error(`It answers with more than ${MAX_DOCUMENT_BYTES} bytes.`);
    }
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

/** Looks a name up and gives none of its addresses unless all are admitted. Addresses are not looked up: rules judge those. */
function guardedLookup(url: URL, rules: HostRules): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []) as LookupAddress[];
      const [first] = addresses;
      if (error || !first) return callback(error ?? new Error(`${name} has no address.`), '', 0);
      const refused = addresses.find(({ address }) => isIP(address) === 0 || !rules.admits(url, address));
      if (refused)
        return callback(new Error(`${name} has the address ${refused.address}, which is not public.`), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
