import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzipSync, type ZlibOptions } from 'node:zlib';

const LIST_ENDS = 0x0a;
/** More than is packed, so that it is unpacked in one piece: of several a copy has to be made. */
const ROOM_BYTES = 16 * 1024 * 1024;

const unzip = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);

/** A file of a folder, or a folder in it, which has no bytes. */
export interface PackedFile {
  /** From the folder on, with slashes. */
  readonly name: string;
  readonly bytes?: Uint8Array;
}

/** What is in a folder, as one compressed piece: a list of names and lengths, then all files one after the other. */
export function packFolder(folder: string): Buffer {
  const files = filesIn(folder, '');
  const list = files.map(({ name, bytes }) => (bytes ? [name, bytes.length] : [name]));
  const parts = [Buffer.from(`${JSON.stringify(list)}\n`), ...files.flatMap(({ bytes }) => (bytes ? [bytes] : []))];
  return gzipSync(Buffer.concat(parts), { level: 9 });
}

/** The files again, each folder before what is in it. Their bytes are pieces of one memory. */
export async function unpacked(packed: Uint8Array): Promise<PackedFile[]> {
  const all = await unzip(packed, { chunkSize: ROOM_BYTES });
  let at = all.indexOf(LIST_ENDS) + 1;
  const list = JSON.parse(all.toString('utf8', 0, at)) as readonly (readonly [string, number?])[];
  return list.map(([name, length]) => {
    if (length === undefined) return { name };
    const bytes = all.subarray(at, at + length);
    at += length;
    return { name, bytes };
  });
}

/** Writes the files into a folder that is there. */
export function writeFiles(folder: string, files: readonly PackedFile[]): void {
  for (const { name, bytes } of files) {
    const file = path.join(folder, name);
    if (bytes) writeFileSync(file, bytes, { mode: 0o600 });
    else mkdirSync(file, { mode: 0o700 });
  }
}

function filesIn(folder: string, name: string): PackedFile[] {
  const entries = readdirSync(path.join(folder, name), { withFileTypes: true });
  return entries.flatMap((entry): PackedFile[] => {
    const own = path.posix.join(name, entry.name);
    if (entry.isDirectory()) return [{ name: own }, ...filesIn(folder, own)];
    return [{ name: own, bytes: readFileSync(path.join(folder, own)) }];
  });
}
