import { MemoryFS, PGlite } from '@electric-sql/pglite';
import type { PackedFile } from './packed-files.ts';

const { PGDATA } = PGlite.paths;

/**
 * The memory in which the engine keeps its files, with a database in it from the beginning. Taking it over by pieces costs
 * a third of what the engine's own way does, which copies each file three times.
 */
export class UnpackedMemory extends MemoryFS {
  readonly #files: Promise<readonly PackedFile[]>;

  constructor(files: Promise<readonly PackedFile[]>) {
    super();
    this.#files = files;
    // It is waited for later; that it failed is heard then.
    files.catch(() => {});
  }

  /** The engine calls it before it looks whether there is a database. */
  override async initialSyncFs(): Promise<void> {
    const { pg } = this;
    if (!pg) throw new Error('the files are asked for before the engine is there');
    const { FS } = pg.Module;
    FS.mkdirTree(PGDATA);
    for (const { name, bytes } of await this.#files) {
      if (bytes) FS.writeFile(`${PGDATA}/${name}`, bytes, { canOwn: true });
      else FS.mkdir(`${PGDATA}/${name}`);
    }
  }
}
