import type { FastifyInstance } from 'fastify';
import type { Feature } from '../profiles/features.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a tenant must have switched on for the route to be there at all. */
    feature?: Feature;
  }
  interface FastifyInstance {
    endpoints: Endpoints;
  }
}

/** What those who ask have, of what is mounted. */
export interface Offered {
  /** Endpoints of resource types, such as `/Users`: what `:endpoint` in a pattern stands for. */
  readonly endpoints: readonly string[];
  /** Features that are on: endpoints of those that are off are none. */
  readonly features: ReadonlySet<Feature>;
}

/** The endpoints that are mounted, for the answers to requests that meet none. */
export interface Endpoints {
  /** Every route, as its pattern, with its methods. */
  all(): ReadonlyMap<string, ReadonlySet<string>>;
  /** Methods that the path has, in the order of RFC 9110; none when the path itself is unknown. */
  methodsOf(path: string, offered?: Offered): string[];
  /** The path of an endpoint that differs from this one in letter case only. */
  otherCaseOf(path: string, offered?: Offered): string | undefined;
}

const NOTHING: Offered = { endpoints: [], features: new Set() };
const ORDER = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Watches what is mounted on the app from now on. */
export function watchEndpoints(app: FastifyInstance): Endpoints {
  const mounted = new Map<string, { readonly methods: Set<string>; readonly feature: Feature | undefined }>();
  app.addHook('onRoute', ({ url, method, config }) => {
    const { methods } = mounted.get(url) ?? { methods: new Set<string>() };
    for (const name of [method].flat()) methods.add(name);
    mounted.set(url, { methods, feature: config?.feature });
  });
  const reachable = ({ features }: Offered) =>
    [...mounted].filter(([, { feature }]) => feature === undefined || features.has(feature));
  return {
    all: () => new Map([...mounted].map(([url, { methods }]) => [url, methods])),
    methodsOf(path, offered = NOTHING) {
      const found = new Set<string>();
      for (const [pattern, { methods }] of reachable(offered)) {
        if (spelling(pattern, path, offered.endpoints, (text) => text) === undefined) continue;
        for (const method of methods) found.add(method);
      }
      return [...found].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    },
    otherCaseOf(path, offered = NOTHING) {
      for (const [pattern] of reachable(offered)) {
        const found = spelling(pattern, path, offered.endpoints, (text) => text.toLowerCase());
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
