import { readdir } from 'node:fs/promises';

/** Options of `walk`. */
export interface WalkOptions {
  /** Paths relative to the folder that are left out. */
  readonly ignore: ReadonlySet<string>;
  /** Called for each symbolic link, socket, pipe and device, which are left out. */
  readonly onSkip?: (path: Buffer) => void;
  /** Called for each folder that cannot be read; the walk continues. */
  readonly onError?: (path: Buffer, error: unknown) => void;
}

/**
 * Yields the paths of all files in a folder, sorted by their bytes. Folders are read when the walk gets there, and
 * the pool takes the next path when it has room, so the whole tree is never in memory.
 *
 * Paths are buffers, since file names need not be valid UTF-8.
 */
export async function* walk(folder: string, options: WalkOptions): AsyncGenerator<Buffer> {
  const root = Buffer.from(folder.replace(/\/*$/, '/'));
  yield* walkBelow(root, root.length, options);
}

/** Counts files; undefined if it is aborted. */
export async function countFiles(
  paths: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<number | undefined> {
  let count = 0;
  for await (const _ of paths) {
    if (signal.aborted) return undefined;
    count += 1;
  }
  return count;
}

async function* walkBelow(
  folder: Buffer,
  rootLength: number,
  options: WalkOptions,
): AsyncGenerator<Buffer> {
  for (const { path, entry } of await list(folder, options)) {
    if (entry.isDirectory()) {
      yield* walkBelow(path, rootLength, options);
    } else if (!entry.isFile()) {
      options.onSkip?.(path);
    } else if (!options.ignore.has(path.toString('utf8', rootLength))) {
      yield path;
    }
  }
}

/** The sorted entries of a folder. Paths of folders end with a slash, which counts for the order. */
async function list(folder: Buffer, { onError }: WalkOptions) {
  try {
    const entries = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
    return entries
      .map((entry) => {
        const slash = Buffer.from(entry.isDirectory() ? '/' : '');
        return { path: Buffer.concat([folder, entry.name, slash]), entry };
      })
      .sort((a, b) => Buffer.compare(a.path, b.path));
  } catch (error) {
    onError?.(folder, error);
    return [];
  }
}
