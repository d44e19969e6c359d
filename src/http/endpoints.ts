import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    endpoints: Endpoints;
  }
}

/** The endpoints that are mounted, for the answers to requests that meet none. */
export interface Endpoints {
  /**
   * Methods that the path has, in the order of RFC 9110; none when the path itself is unknown. Where a pattern has
   * `:endpoint`, the path needs one of the endpoints, such as `/Users`.
   */
  methodsOf(path: string, endpoints: readonly string[]): string[];
  /** The path of an endpoint that differs from this one in letter case only. */
  otherCaseOf(path: string, endpoints: readonly string[]): string | undefined;
}

const ORDER = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Watches what is mounted on the app from now on. */
export function watchEndpoints(app: FastifyInstance): Endpoints {
  const mounted = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = mounted.get(url) ?? new Set<string>();
    for (const name of [method].flat()) methods.add(name);
    mounted.set(url, methods);
  });
  return {
    methodsOf(path, endpoints) {
      const found = new Set<string>();
      for (const [pattern, methods] of mounted) {
        if (spelling(pattern, path, endpoints, (text) => text) === undefined) continue;
        for (const method of methods) found.add(method);
      }
      return [...found].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    },
    otherCaseOf(path, endpoints) {
      for (const pattern of mounted.keys()) {
        const found = spelling(pattern, path, endpoints, (text) => text.toLowerCase());
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/**
 * The path as the pattern spells it, or undefined when it does not match; `:endpoint` matches one of the endpoints, any
 * other `:name` any one part.
 */
function spelling(
  pattern: string,
  path: string,
  endpoints: readonly string[],
  key: (text: string) => string,
): string | undefined {
  const wanted = partsOf(pattern);
  const given = partsOf(path);
  if (wanted.length !== given.length) return undefined;
  const parts = wanted.map((part, index) => {
    const actual = given[index] ?? '';
    const spellings = part === ':endpoint' ? endpoints.flatMap(partsOf) : [part.startsWith(':') ? actual : part];
    return spellings.find((one) => key(one) === key(actual));
  });
  return parts.includes(undefined) ? undefined : `/${parts.join('/')}`;
}

// Empty parts come of doubled and trailing slashes, which the router ignores too.
function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
