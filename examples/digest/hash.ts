import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TaskContext } from 'xstate-taskpool';

/** What became of one file: its digest, or why there is none. */
export type FileDigest = { readonly index: number; readonly path: Buffer } & (
  | { readonly sha256: string }
  | { readonly error: unknown }
);

/**
 * The function the pool runs for each file. It reads in pieces, reports the size of each, and
 * stops reading when the pool cancels it, because the stream listens to the task's signal.
 *
 * A file that cannot be read is a result like any other; only a cancelled task throws.
 */
export async function hashFile(path: Buffer, ctx: TaskContext): Promise<FileDigest> {
  const { index, signal } = ctx;
  const hash = createHash('sha256');
  try {
    const pieces: AsyncIterable<Buffer> = createReadStream(path, { signal });
    for await (const piece of pieces) {
      hash.update(piece);
      ctx.report(piece.length);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return { index, path, error };
  }
  return { index, path, sha256: hash.digest('hex') };
}
