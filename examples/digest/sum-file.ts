import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { FileDigest } from './hash.ts';

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const FLUSH_AT = 64 * 1024;

/**
 * The list of digests, in the format of `sha256sum`.
 *
 * Digests arrive in the order in which files were finished, and are written in the order of the walk: a digest waits
 * until all before it have arrived. The list is written to a temporary name and renamed when it is complete, so that
 * an incomplete list is never mistaken for a complete one.
 */
export class SumFile implements AsyncDisposable {
  readonly #output: string;
  readonly #file: FileHandle;
  /** Digests that wait for earlier ones, by index. */
  readonly #waiting = new Map<number, FileDigest>();
  #next = 0;
  /** Lines not yet written, one character per byte. */
  #text = '';

  /** The temporary name of the list for `output`. */
  static partialName(output: string): string {
    return `${output}.partial`;
  }

  static async create(output: string): Promise<SumFile> {
    return new SumFile(output, await open(SumFile.partialName(output), 'w'));
  }

  private constructor(output: string, file: FileHandle) {
    this.#output = output;
    this.#file = file;
  }

  /** Adds the outcome of a file; one without a digest gets no line. */
  async add(digest: FileDigest): Promise<void> {
    this.#waiting.set(digest.index, digest);
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
      if ('sha256' in next) this.#text += sumLine(next.path, next.sha256);
    }
    if (this.#text.length > FLUSH_AT) await this.#flush();
  }

  /** Writes the remaining lines and renames the list. */
  async complete(): Promise<void> {
    await this.#flush();
    await this.#file.close();
    await rename(SumFile.partialName(this.#output), this.#output);
  }

  /** Removes an incomplete list. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(SumFile.partialName(this.#output), { force: true });
  }

  #takeNext(): FileDigest | undefined {
    const digest = this.#waiting.get(this.#next);
    if (digest !== undefined) this.#waiting.delete(this.#next++);
    return digest;
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#file.writeFile(text, 'latin1');
  }
}

/**
 * The line of a file, one character per byte. If the name contains a backslash or a line break, it is escaped, and
 * the line begins with a backslash.
 */
function sumLine(path: Buffer, sha256: string): string {
  const name = path.toString('latin1');
  const escaped = name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character);
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}
