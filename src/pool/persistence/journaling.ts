/** How a pool uses a store: writes events, stores calls, stores checkpoints. */

import { EventHistory } from '../../journal/event-history.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { Capture } from '../../machines/capture.ts';
import type { Persister, WriterOptions } from '../door/persister.ts';
import { Functions } from '../storing/functions.ts';
import { checkStorable, kept, storeCall } from '../storing/storing.ts';
import { SubmissionWriter } from '../storing/submission-writer.ts';
import { checkPlan } from './check-plan.ts';
import type { CheckpointPlan } from './checkpoint-plan.ts';
import type { Journaling } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { Journaled } from './journaled.ts';
import { checkEmpty, checkWritable, historyBeside } from './keeping.ts';
import { storeCheckpoint } from './store-checkpoint.ts';
import { suspend } from './suspension.ts';
import { SyncJournalWriter, type SyncStore } from './sync-journal-writer.ts';

/** How pools use a store. Pools can write to a store of your own if its property `journaling` is this object. */
export const journaling: Journaling = {
  keep(store, limits) {
    checkWritable(store);
    const history = historyBeside(store, limits);
    checkEmpty(store);
    return history;
  },
  open(store, parts, { functions: given, checkpoints }) {
    const pool = new Journaled(parts);
    if (checkpoints !== undefined) checkPlan('checkpoints', checkpoints);
    const functions = given === undefined ? undefined : new Functions(given);
    // The pool records directly into a store in memory.
    const writer = store instanceof EventHistory ? undefined : writerTo(store, pool, checkpoints);
    const submissions = functions && new SubmissionWriter(functions, pool);
    return {
      persister: writer,
      storeCall: functions && ((call) => storeCall(functions, call)),
      submissions,
      record: (together) => pool.record(together),
      kept,
      suspend:
        submissions && writer && ((options) => suspend(pool, writer, store, submissions, options)),
      async checkpoint(prune) {
        const capture = new Capture(pool.state);
        const { persister } = pool;
        if (persister === undefined) await storeCheckpoint(store, capture, prune);
        else await persister.checkpoint(capture, prune);
      },
    };
  },
  checkCall: checkStorable,
};

function writerTo(
  store: EventStore,
  pool: Journaled,
  checkpoints: CheckpointPlan | undefined,
): Persister {
  const { history, state } = pool;
  const options: WriterOptions = {
    checkpoints,
    capture: () => new Capture(state),
    onProgress: () => pool.schedule(),
    onFailure: (error) => pool.journalFailed(error),
  };
  return canWriteAtOnce(store)
    ? new SyncJournalWriter(state.name, history, store, options)
    : new JournalWriter(history, store, options);
}

function canWriteAtOnce(store: EventStore): store is SyncStore {
  return store.appendSync !== undefined;
}
