/** Tracks the end of a journal while another process writes it. */

import { isMissing } from '../file-error.ts';
import { filesIn, isListed, type Segment } from './files.ts';
import { hidesEvents } from './hidden-events.ts';
import { SegmentEnd } from './segment-end.ts';

export class SegmentsFollower {
  readonly #folder: string;
  #end: SegmentEnd | undefined = undefined;
  /** Whether stored events are hidden. */
  readonly #hides: boolean;

  constructor(folder: string) {
    this.#folder = folder;
    this.refresh();
    this.#hides = this.#end !== undefined && hidesEvents(filesIn(folder), this.#end.nextSeq);
  }

  /**
   * The next event; undefined if there is none yet. Hidden events count as one existing event, so that reading
   * reports the damage.
   */
  get nextSeq(): number | undefined {
    return this.#end && this.#end.nextSeq + Number(this.#hides);
  }

  /** Reads the current end. */
  refresh(): void {
    const last = filesIn(this.#folder).segments.at(-1);
    if (last !== undefined && last.path !== this.#end?.file.path) {
      const end = this.#endOf(last);
      // The writer has removed it by closing the journal, or dropped its events.
      if (end === undefined) {
        this.refresh();
        return;
      }
      this.#end?.close();
      this.#end = end;
    }
    this.#end?.advance();
  }

  /** Returns undefined for a file that does not exist any more. */
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
