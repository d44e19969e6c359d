import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { person } from './people.ts';
import { CHECKOUT, CLI, command, environment } from './processes.ts';

/** What an import cost. */
export interface ImportCost {
  /** Of the whole command, from its start to its end, for each user. */
  readonly usPerUser: number;
  /** Most memory of its process; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
}

const POLL_MS = 50;

/** Writes a file with so many users, as an export writes it. */
export async function writePeople(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  for (let number = 0; number < count; number++) {
    const line = JSON.stringify({ id: `person-${number}`, ...person(number, 'imported') });
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** Imports the file into a new tenant. */
export async function measureImport(
  file: string,
  count: number,
  settings: Readonly<Record<string, string>>,
): Promise<ImportCost> {
  const slug = `import-${Date.now()}`;
  await command(['tenant', 'create', slug, '--profile', 'rfc'], settings);
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, 'import', slug, file, '--json'], {
    cwd: CHECKOUT,
    env: environment(settings),
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  let peakMb: number | undefined;
  const timer = setInterval(() => {
    peakMb = peakOf(child.pid) ?? peakMb;
  }, POLL_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`The import ended with ${code}.`);
  return { usPerUser: ((performance.now() - began) * 1000) / count, peakMb };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1000;
  } catch {
    return undefined;
  }
}
