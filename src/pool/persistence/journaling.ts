/** How a pool uses a store: writes events, stores calls, stores checkpoints. */

import { EventHistory } from '../../journal/event-history.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { abortable } from '../../kit/abortable.ts';
import { checkGrace, checkSignal } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { Capture } from '../../machines/capture.ts';
import type { Persister, WriterOptions } from '../door/persister.ts';
import { Functions } from '../storing/functions.ts';
import { checkStorable, kept, storeCall } from '../storing/storing.ts';
import { SubmissionWriter } from '../storing/submission-writer.ts';
import { checkPlan } from './check-plan.ts';
import type { CheckpointOptions, CheckpointPlan } from './checkpoint-plan.ts';
import type { Journaling } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { Journaled } from './journaled.ts';
import { checkEmpty, checkWritable, historyBeside } from './keeping.ts';
import { storeCheckpoint } from './store-checkpoint.ts';
import type { SuspendOptions } from './suspend-options.ts';
import { suspend } from './suspension.ts';
import { SyncJournalWriter, type SyncStore } from './sync-journal-writer.ts';

const checkpointOptions = new OptionBag<CheckpointOptions>({ prune: ['truncate'] });
const suspendOptions = new OptionBag<SuspendOptions>({
  grace: [checkGrace],
  signal: [checkSignal],
  reason: [],
});

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
    let suspended: Promise<void> | undefined;
    return {
      persister: writer,
      storeCall: functions && ((call) => storeCall(functions, call)),
      submissions,
      record: (together) => pool.record(together),
      kept,
      untilDurable: (signal) => untilDurable(pool, submissions, signal),
      suspend:
        submissions &&
        writer &&
        ((options) => {
          suspendOptions.check('suspend()', options);
          suspended ??= suspend(pool, writer, store, submissions, options);
          return suspended;
        }),
      async checkpoint(options) {
        checkpointOptions.check('checkpoint()', options);
        const { prune = false } = options;
        // Captured immediately, unless calls are to be recorded before.
        const recording = submissions?.recorded();
        if (recording !== undefined) await recording;
        const capture = new Capture(pool.state);
        const { persister } = pool;
        if (persister === undefined) await storeCheckpoint(store, capture, prune);
        else await persister.checkpoint(capture, prune);
      },
    };
  },
  checkCall: checkStorable,
};

/** Resolves when everything so far is written. @throws what the store fails with; the reason of the signal. */
async function untilDurable(
  { persister }: Journaled,
  submissions: SubmissionWriter | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const recorded = Promise.resolve(submissions?.recorded());
  const drained = recorded.then(() => persister?.drained());
  await abortable(signal, (resolve) => {
    void drained.then(resolve);
    return () => {};
  });
  const failure = persister?.failure;
  if (failure !== undefined) throw failure.cause;
}

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
