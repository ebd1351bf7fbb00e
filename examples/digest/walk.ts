import { readdir } from 'node:fs/promises';

/** What the walk tells about what it does not yield. */
export interface WalkOptions {
  /** Paths below the folder that are left out without a word. */
  readonly ignore: ReadonlySet<string>;
  /** Called for each symbolic link, socket, pipe and device: they are not files to read. */
  readonly onSkip?: (path: Buffer) => void;
  /** Called for each folder that cannot be listed; the walk continues with the others. */
  readonly onError?: (path: Buffer, error: unknown) => void;
}

/**
 * Yields the path of every file below a folder, sorted by their bytes. It reads a folder when it
 * comes to it, and the pool asks for a path when it has room for one, so the tree is never held as
 * a whole.
 *
 * Paths are bytes, as they are for the system: not every file name is valid UTF-8.
 */
export async function* walk(folder: string, options: WalkOptions): AsyncGenerator<Buffer> {
  const root = Buffer.from(folder.replace(/\/*$/, '/'));
  yield* walkBelow(root, root.length, options);
}

/** How many files a walk yields, unless it is stopped before it knows. */
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

/** What is in a folder, sorted. Paths of folders end with a slash, and are sorted with it. */
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
