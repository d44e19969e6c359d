import type { JsonValue } from '../../src/schema/json.ts';

/** The profiles that every sequence is replayed against. */
export type ProfileName = 'rfc' | 'role-object';

/** A request as the client sends it. `{{name}}` stands for a value that the run knows: `token`, or one saved by a step. */
export interface ClientRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, with the query and the percent-encoding of the client. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. `{"$fetched": name, …}` is a resource saved before, with these members put over its own. */
  readonly body?: JsonValue;
  /** Sent as it stands, instead of `body`. */
  readonly text?: string;
}

/** What a GET must show; status 200 unless it says otherwise. */
export interface StateCheck {
  readonly path: string;
  readonly status?: number;
  readonly body?: JsonValue;
}

/** What must come back. Bodies and headers (named in lower case) are matched by `match.ts`. */
export interface Expectation {
  readonly status?: number | readonly number[];
  readonly headers?: Readonly<Record<string, JsonValue>>;
  readonly body?: JsonValue;
  /** GETs made after the answer. */
  readonly state?: readonly StateCheck[];
  /** Milliseconds that the answer may take. */
  readonly within?: number;
}

/** One request of a client with what the client, and everybody else afterwards, must see. */
export interface Step {
  readonly title: string;
  readonly request: ClientRequest;
  readonly expect: Expectation;
  /** What else a profile must show; a status here stands in for that of `expect`. */
  readonly under?: Readonly<Partial<Record<ProfileName, Expectation>>>;
  /** The step is left out under other profiles. */
  readonly only?: ProfileName;
  /** How often the request is made, with `{{n}}` counting from 1, as text. */
  readonly times?: number;
  /** Name (`user{{n}}`) → dotted path into the answer's body (`*` takes every element); the empty path is the whole. */
  readonly save?: Readonly<Record<string, string>>;
}

/** What a client does in one situation, in order, in a tenant of its own. */
export interface Sequence {
  readonly title: string;
  /** Where the client's behaviour is documented or was seen. */
  readonly source: string;
  readonly steps: readonly Step[];
}
