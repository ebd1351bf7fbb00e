import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { FileDigest } from './hash.ts';

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const FLUSH_AT = 64 * 1024;

/**
 * The list of digests, as `sha256sum` writes it and `sha256sum -c` reads it.
 *
 * Digests arrive in the order the files were finished and are written in the order of the walk: a
 * digest waits here until every one before it has come. The list grows under another name and gets
 * its own when it is complete, so there never is half a list that looks like a whole one.
 */
export class SumFile implements AsyncDisposable {
  readonly #output: string;
  readonly #file: FileHandle;
  /** Digests that wait for an earlier one, by index. */
  readonly #waiting = new Map<number, FileDigest>();
  #next = 0;
  /** Lines to be written, one character per byte. */
  #text = '';

  /** The name that a list for `output` has until it is complete. */
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

  /** Takes the outcome of one file; a file without a digest gets no line. */
  async add(digest: FileDigest): Promise<void> {
    this.#waiting.set(digest.index, digest);
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
      if ('sha256' in next) this.#text += sumLine(next.path, next.sha256);
    }
    if (this.#text.length > FLUSH_AT) await this.#flush();
  }

  /** Writes what is left and gives the list its name. */
  async complete(): Promise<void> {
    await this.#flush();
    await this.#file.close();
    await rename(SumFile.partialName(this.#output), this.#output);
  }

  /** Removes what was written, unless the list is complete. */
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
 * One line, one character per byte. A name with a backslash or a line break is escaped, and a
 * backslash before the digest says so.
 */
function sumLine(path: Buffer, sha256: string): string {
  const name = path.toString('latin1');
  const escaped = name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character);
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}
