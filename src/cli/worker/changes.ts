/** Watches files for changes, including editors that replace the file. */

import { watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Milliseconds without a change after which changes are reported: editors write a file in several steps. */
const SETTLE = 100;

export class Changes {
  /** File names by folder: folders are watched, since a watch on a file ends when the file is replaced. */
  readonly #names = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined = undefined;
  #resolve: (file: string) => void = () => {};

  /** Resolves with the next file that changes; of several changes together, with the last file. */
  next(): Promise<string> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** @param file an absolute path. */
  add(file: string): void {
    const folder = dirname(file);
    const names = this.#names.get(folder);
    if (names === undefined) this.#watch(folder, new Set([basename(file)]));
    else names.add(basename(file));
  }

  #watch(folder: string, names: Set<string>): void {
    this.#names.set(folder, names);
    const seen = (_: string, name: string | null) => {
      if (name !== null && names.has(name)) this.#changed(join(folder, name));
    };
    try {
      watch(folder, seen).on('error', () => {});
    } catch {
      // A missing folder has no files that could be loaded.
    }
  }

  #changed(file: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resolve(file), SETTLE);
  }
}
