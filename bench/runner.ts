/**
 * Runs sections, with a fresh process for each measurement. In a shared process contenders would influence each
 * other's call sites and heap, and the first one would look fastest; with a warm-up in a fresh process medians repeat
 * within a few percent. Contenders take turns (each once per repeat, starting with a different one each time, with
 * all Nodes in between), so that a slow minute of the machine affects all of them.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contender, Section } from './model.ts';
import { Results } from './results.ts';

const exec = promisify(execFile);

export interface RunOptions {
  /** The program that takes one measurement: `main`. */
  readonly program: string;
  /** Paths of the Node binaries to measure on. */
  readonly nodes: readonly string[];
  readonly sections: readonly Section[];
  readonly repeats: number;
  readonly quick: boolean;
  readonly onProgress: (line: string) => void;
}

/** A contender that takes longer is assumed to hang. */
const TIMEOUT_MS = 180_000;

export async function run(options: RunOptions): Promise<Results> {
  const { sections, repeats, onProgress } = options;
  const binaries = new Map<string, string>();
  for (const path of options.nodes) binaries.set(await versionOf(path), path);
  const results = new Results([...binaries.keys()], sections);
  for (const section of sections) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      onProgress(`${section.id}: repeat ${repeat + 1} of ${repeats}`);
      for (const { contender, node, path } of turns(section, binaries, repeat)) {
        // A contender that failed once is not measured again.
        if (results.hasFailed(node, section.id, contender.name)) continue;
        try {
          const value = await measureInChild(path, section, contender, options);
          results.add(node, section.id, contender.name, value);
        } catch (error) {
          const message = reasonOf(error);
          onProgress(`${section.id}: ${contender.name} failed on ${node}: ${message}`);
          results.failures.push({ node, section: section.id, contender: contender.name, message });
        }
      }
    }
  }
  return results;
}

interface Turn {
  readonly contender: Contender;
  readonly node: string;
  readonly path: string;
}

/** Every contender on every Node once, starting with a different one in each repeat. */
function turns(
  section: Section,
  binaries: ReadonlyMap<string, string>,
  repeat: number,
): readonly Turn[] {
  return rotated(section.contenders, repeat).flatMap((contender) =>
    rotated([...binaries], repeat).map(([node, path]) => ({ contender, node, path })),
  );
}

/** `Node 20.20.2` */
async function versionOf(path: string): Promise<string> {
  const { stdout } = await exec(path, ['--version']);
  return `Node ${stdout.trim().replace(/^v/, '')}`;
}

async function measureInChild(
  node: string,
  section: Section,
  contender: Contender,
  { program, quick }: RunOptions,
): Promise<number> {
  const args = ['--expose-gc', program, '--measure', section.id, '--contender', contender.name];
  const { stdout } = await exec(node, quick ? [...args, '--quick'] : args, { timeout: TIMEOUT_MS });
  const value = Number.parseFloat(stdout);
  if (!Number.isFinite(value)) throw new Error(`Expected a number, got ${JSON.stringify(stdout)}.`);
  return value;
}

/** Why a child failed: the line that names the error, without the stack and the paths around it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return `no end within ${TIMEOUT_MS / 1000} s`;
  const stderr = 'stderr' in error ? String(error.stderr) : error.message;
  return stderr.split('\n').find((line) => /Error\b.*:/.test(line)) ?? error.message;
}

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
