import { open } from 'node:fs/promises';

/** Most bytes of a line: room for a group of two hundred thousand members. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Most lines of a part, which is carried out in one transaction. */
export const MAX_LINES_IN_PART = 250;
/** Where a part ends though it has fewer lines, so that memory does not grow with their length. */
export const PART_BYTES = 4 * 1024 * 1024;

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A line that is not blank; without bytes where it is too long to be read. */
export interface Line {
  /** From 1 on, blank ones counted. */
  readonly number: number;
  readonly bytes: Buffer | undefined;
}

/** Lines that are carried out in one transaction. The same file has the same parts each time. */
export interface LinesPart {
  readonly batch: number;
  readonly lines: readonly Line[];
}

/** The parts of a file, each read when it is asked for; `seen` is given each piece of the file. */
export async function* partsOf(file: string, seen?: (chunk: Buffer) => void): AsyncGenerator<LinesPart> {
  let lines: Line[] = [];
  let bytes = 0;
  let batch = 0;
  for await (const line of linesOf(file, seen)) {
    lines.push(line);
    bytes += line.bytes?.length ?? 0;
    if (lines.length < MAX_LINES_IN_PART && bytes < PART_BYTES) continue;
    yield { batch, lines };
    [lines, bytes, batch] = [[], 0, batch + 1];
  }
  if (lines.length > 0) yield { batch, lines };
}

async function* linesOf(file: string, seen: ((chunk: Buffer) => void) | undefined): AsyncGenerator<Line> {
  let number = 0;
  /** What was read of a line whose end was not; dropped once it is too long. */
  let kept: Buffer[] = [];
  let length = 0;
  const ended = (rest: Buffer): Line | undefined => {
    number += 1;
    length += rest.length;
    let bytes = length > MAX_LINE_BYTES ? undefined : kept.length === 0 ? rest : Buffer.concat([...kept, rest]);
    if (number === 1 && bytes?.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) {
      bytes = bytes.subarray(BYTE_ORDER_MARK.length);
    }
    [kept, length] = [[], 0];
    return bytes && isBlank(bytes) ? undefined : { number, bytes };
  };
  for await (const chunk of chunksOf(file)) {
    seen?.(chunk);
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      const line = ended(chunk.subarray(from, to));
      if (line) yield line;
      from = to + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > MAX_LINE_BYTES) kept = [];
    else if (rest.length > 0) kept.push(rest);
  }
  if (length === 0) return;
  const line = ended(Buffer.alloc(0));
  if (line) yield line;
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    for (;;) {
      // Lines are cut out of it without a copy, so each piece has memory of its own.
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
