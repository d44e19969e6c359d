import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from './package-root.ts';
import { isSnapshotName, makeSnapshot, snapshotName } from './storage/snapshot.ts';

// A program of the build: makes the snapshot from which embedded databases begin, unless there is the right one.
const folder = path.join(PACKAGE_ROOT, 'dist');
const name = snapshotName();
const there = readdirSync(folder).filter(isSnapshotName);
if (!there.includes(name)) {
  const unfinished = path.join(folder, `${name}.${process.pid}`);
  writeFileSync(unfinished, await makeSnapshot());
  renameSync(unfinished, path.join(folder, name));
}
for (const old of there.filter((one) => one !== name)) rmSync(path.join(folder, old), { force: true });
