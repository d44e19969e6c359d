import { Placeholder, type SQL, sql } from 'drizzle-orm';
import { Ready, readyQuery } from './statement-text.ts';

/** What stands for the values in a statement that is built before they are known. */
export type Blanks<Name extends string> = Readonly<Record<Name, Placeholder>>;

/** A value of a statement, or what stands for it in one that is built before. */
export type Value<T = string> = T | Placeholder;

/** The values of a statement. */
export type Values<Name extends string> = Readonly<Record<Name, unknown>>;

/** A statement with its text made. */
export interface Prebuilt<Name extends string = string> {
  readonly text: string;
  /** The statement with these values, for `rows`. */
  readonly with: (values: Values<Name>) => SQL;
}

/**
 * A statement whose text is made once, when it is first needed, instead of for each request: making it costs as much as
 * sending it. What it gives goes to `rows` like any other query, on the database or in a transaction. `build` gets a blank
 * for each value, and should do nothing but write SQL. Arrays are one value each; a blank that is there twice is one
 * parameter and needs the same cast at both places.
 */
export function prebuilt<Name extends string>(build: (blanks: Blanks<Name>) => SQL): (values: Values<Name>) => SQL {
  let made: Prebuilt<Name> | undefined;
  return (values) => {
    made ??= prebuild<Name>(build(BLANKS as Blanks<Name>));
    return made.with(values);
  };
}

/** Makes the text of a statement now; values that are in it beside the blanks stay as they are. */
export function prebuild<Name extends string>(query: SQL): Prebuilt<Name> {
  const { text, parameters } = readyQuery(query);
  return {
    text,
    with: (values) =>
      new Ready(
        text,
        parameters.map((one) => (one instanceof Placeholder ? values[one.name as Name] : one)),
      ),
  };
}

/** Blanks of every name. */
const BLANKS = new Proxy<Record<string, Placeholder>>({}, { get: (_, name) => sql.placeholder(String(name)) });
