import pg from 'pg';
import { sentValue } from './sent-values.ts';

/** A connection as a statement uses it; pg's declaration leaves most of it out. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts of the statements that are prepared on it, by their names; pg notes them as it hears of them. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  query(text: string): void;
  parse(statement: { text: string; name: string }): void;
  bind(values: { statement: string; values: readonly (string | Buffer | null)[] }): void;
  describe(portal: { type: 'P' }): void;
  execute(portal: object): void;
  sync(): void;
}

/** A column of what a statement gives. */
interface Column {
  readonly name: string;
  /** Left out where the text is the value. */
  readonly parse?: (text: string) => unknown;
}

type Callback<Row> = (error: unknown, rows?: Row[]) => void;

const { builtins } = pg.types;
/** Types whose values are given as they come: what makes dates of instants would cost more than the rest of a row. */
const AS_TEXT = new Set<number>([
  builtins.TEXT,
  builtins.VARCHAR,
  builtins.UUID,
  builtins.INT8,
  builtins.TIMESTAMPTZ,
  builtins.TIMESTAMP,
  builtins.DATE,
  builtins.INTERVAL,
]);

/** Lists of texts, by the types of their columns: text[], varchar[], uuid[]. */
const TEXT_LISTS = new Set([1009, 1015, 2951]);

const described = new WeakMap<Wire, Map<string, readonly Column[]>>();

/**
 * A statement with its text made, as pg lets one bring kinds of its own. It does what pg's own does and less of it: what a
 * prepared statement gives never changes, so it is asked for once on each connection instead of each time.
 */
export class Statement<Row> implements pg.Submittable {
  readonly text: string;
  /** Under which it is prepared, where it is. */
  name: string | undefined;
  /** Hears how it ended; pg puts it here. */
  callback: Callback<Row> | undefined;
  readonly #values: readonly unknown[];
  readonly #found: (readonly (string | null)[])[] = [];
  #columns: readonly Column[] | undefined;

  constructor(text: string, values: readonly unknown[]) {
    this.text = text;
    this.#values = values;
  }

  /** Whether it has values: without any there is nothing to prepare it for. */
  get hasValues(): boolean {
    return this.#values.length > 0;
  }

  /** Sends it; what comes back is told by the other methods. */
  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    if (!this.hasValues) {
      wire.query(this.text);
      return;
    }
    const values = this.#values.map(sentValue);
    const { name = '' } = this;
    this.#columns = described.get(wire)?.get(name);
    // One piece for the network, instead of one for each message.
    wire.stream.cork();
    if (wire.parsedStatements[name] === undefined) wire.parse({ text: this.text, name });
    wire.bind({ statement: name, values });
    if (!this.#columns) wire.describe({ type: 'P' });
    wire.execute({});
    wire.sync();
    wire.stream.uncork();
  }

  handleRowDescription({ fields }: { readonly fields: readonly pg.FieldDef[] }): void {
    this.#columns = fields.map(columnOf);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#found.push(fields);
  }

  handleCommandComplete(_message: unknown, connection: pg.Connection): void {
    if (this.name === undefined) return;
    const wire = connection as unknown as Wire;
    const known = described.get(wire) ?? new Map<string, readonly Column[]>();
    described.set(wire, known);
    // What gives no rows has no columns.
    known.set(this.name, this.#columns ?? []);
  }

  handleReadyForQuery(): void {
    const columns = this.#columns ?? [];
    const rows = this.#found.map((fields) => rowOf<Row>(columns, fields));
    this.callback?.(null, rows);
  }

  handleError(error: unknown): void {
    this.callback?.(error);
  }

  // What no statement of this kind brings about.
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(_connection: pg.Connection): void {}
  handleCopyData(): void {}
}

function columnOf({ name, dataTypeID }: pg.FieldDef): Column {
  if (AS_TEXT.has(dataTypeID)) return { name };
  const parse = pg.types.getTypeParser(dataTypeID, 'text');
  return { name, parse: TEXT_LISTS.has(dataTypeID) ? (text) => plainList(text) ?? parse(text) : parse };
}

/** The elements of a list of texts none of which PostgreSQL has put in quotes; pg reads each list letter by letter. */
function plainList(text: string): string[] | undefined {
  if (text === '{}') return [];
  if (text.includes('"') || text.lastIndexOf('{') > 0) return undefined;
  const elements = text.slice(1, -1).split(',');
  return elements.includes('NULL') ? undefined : elements;
}

function rowOf<Row>(columns: readonly Column[], fields: readonly (string | null)[]): Row {
  const row: Record<string, unknown> = {};
  for (const [index, { name, parse }] of columns.entries()) {
    const text = fields[index] ?? null;
    row[name] = parse && text !== null ? parse(text) : text;
  }
  return row as Row;
}
