/** Records several events as one step. */

import { applyEvent } from '../../machines/apply-event.ts';
import type { Recording } from '../door/persister.ts';
import type { JournaledPool } from './journal.ts';

/** Records events of groups or of the pool atomically: witnesses see the first one after all have been applied. */
export function recordTogether(door: JournaledPool['door'], together: readonly Recording[]): void {
  const { state, persister, journal, witnesses } = door;
  const { ring } = journal;
  const { at } = door.turn;
  const first = state.seq + 1;
  persister?.persistTogether(first, at, together);
  // The journal in memory may be too small to hold all of them.
  ring.pin(together, first);
  for (const { code, subject, n, detail } of together) {
    applyEvent(state, code, at, subject, n, detail);
    ring.append(code, at, 0, n, detail);
  }
  const release = door.hold();
  for (const witness of witnesses) {
    for (const [place, { code, subject }] of together.entries()) {
      if (door.watching(code).includes(witness)) witness.see(code, subject, first + place);
    }
  }
  ring.pin(together, Number.POSITIVE_INFINITY);
  release();
}
