/** Knows where the events of a journal end, while another process writes it. */

import { filesIn } from './files.ts';
import { SegmentEnd } from './segment-end.ts';

export class SegmentsFollower {
  readonly #folder: string;
  #end: SegmentEnd | undefined = undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The event that comes next; undefined if there is none yet. */
  get nextSeq(): number | undefined {
    return this.#end?.nextSeq;
  }

  /** Looks again. */
  refresh(): void {
    const last = filesIn(this.#folder).segments.at(-1);
    if (last !== undefined && last.path !== this.#end?.file.path) {
      this.#end?.close();
      this.#end = new SegmentEnd(last);
    }
    this.#end?.advance();
  }

  close(): void {
    this.#end?.close();
  }
}
