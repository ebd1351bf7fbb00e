/** Adds observers of recorded events to a pool, beside its own. Only optional parts have them. */

import type { EventCode } from '../../events/event-codes.ts';
import type { Door, Witness } from './door.ts';

/** Calls a witness after all others for events with these codes, until the returned function is called. */
export function observe(door: Door, witness: Witness, codes: readonly EventCode[]): () => void {
  door.witnesses = [...door.witnesses, witness];
  door.watch(witness, codes);
  return () => {
    door.watch(witness, codes, false);
    door.witnesses = door.witnesses.filter((each) => each !== witness);
  };
}
