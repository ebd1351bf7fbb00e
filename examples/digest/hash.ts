import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TaskContext } from 'xstate-taskpool';

/** The outcome of one file: its digest, or the error. */
export type FileDigest = { readonly index: number; readonly path: Buffer } & (
  | { readonly sha256: string }
  | { readonly error: unknown }
);

/**
 * The function that the pool runs for each file. It reads the file in pieces and reports the size of each. When the
 * pool cancels the task, the stream stops reading, since it got the signal of the task.
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
