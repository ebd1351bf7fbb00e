/** Knows where the events of a journal end, while another process writes it. */

import { isMissing } from '../file-error.ts';
import { filesIn, isListed, type Segment } from './files.ts';
import { hidesEvents } from './hidden-events.ts';
import { SegmentEnd } from './segment-end.ts';

export class SegmentsFollower {
  readonly #folder: string;
  #end: SegmentEnd | undefined = undefined;
  /** Whether events that were stored are hidden. */
  readonly #hides: boolean;

  constructor(folder: string) {
    this.#folder = folder;
    this.refresh();
    this.#hides = this.#end !== undefined && hidesEvents(filesIn(folder), this.#end.nextSeq);
  }

  /** The event that comes next; undefined if there is none yet. What is hidden is said to be there, too. */
  get nextSeq(): number | undefined {
    return this.#end && this.#end.nextSeq + Number(this.#hides);
  }

  /** Looks again. */
  refresh(): void {
    const last = filesIn(this.#folder).segments.at(-1);
    if (last !== undefined && last.path !== this.#end?.file.path) {
      const end = this.#endOf(last);
      // The writer has removed it, since it closed the journal or dropped what it held.
      if (end === undefined) {
        this.refresh();
        return;
      }
      this.#end?.close();
      this.#end = end;
    }
    this.#end?.advance();
  }

  /** Undefined for a file that is not there any more. */
  #endOf(file: Segment): SegmentEnd | undefined {
    try {
      return new SegmentEnd(file);
    } catch (error) {
      if (isMissing(error) && !isListed(this.#folder, file)) return undefined;
      throw error;
    }
  }

  close(): void {
    this.#end?.close();
  }
}
