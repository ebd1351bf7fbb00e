/** The head of the page: the pool's name, status, controls and counts. */

import type { JSX } from 'preact';
import { Button } from '../../ui/controls.tsx';
import { clock, plain } from '../../ui/format.ts';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';
import { closes } from '../data/consequences.ts';
import type { Model } from '../data/model.ts';
import type { Moment } from '../data/moment.ts';
import { journalFailureOf } from '../lists/troubles.tsx';
import { Counts } from './counts.tsx';
import { Size } from './size.tsx';
import { Workers } from './workers.tsx';

export function Head(): JSX.Element {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return <header />;
  const { state } = moment;
  return (
    <header>
      <Name name={state.name} />
      <Status status={state.status} paused={state.paused} />
      <JournalFailure moment={moment} />
      <Changes>
        <Size />
        {model.mayChange.value && <Controls />}
        {model.mayChange.value && state.kind === 'SimpleTaskPool' && <Workers />}
      </Changes>
      {model.greeting.value?.readOnly === true && <span class="pill">read-only</span>}
      <Counts />
    </header>
  );
}

function Name({ name }: { readonly name: string }): JSX.Element {
  const model = useModel();
  const { pools = [] } = model.greeting.value ?? {};
  // A long name shrinks in favour of the counts, a short one is shown completely.
  const least = { minWidth: `${Math.min(9, name.length)}ch` };
  if (pools.length < 2) {
    return (
      <h1 title={plain(name)} style={least}>
        {plain(name)}
      </h1>
    );
  }
  return (
    <h1>
      <select
        aria-label="Pool"
        value={model.link.pool ?? ''}
        onChange={({ currentTarget }) => {
          location.hash = new URLSearchParams({ pool: currentTarget.value }).toString();
          location.reload();
        }}
      >
        {pools.map((pool) => (
          <option key={pool} value={pool}>
            {plain(pool)}
          </option>
        ))}
      </select>
    </h1>
  );
}

interface StatusProps {
  readonly status: string;
  readonly paused: boolean;
}

function Status({ status, paused }: StatusProps): JSX.Element {
  const model = useModel();
  // The current status is unknown then; the pill keeps its place.
  if (model.isOffline.value && model.isLive.value) {
    return (
      <span class="pill bad" role="status" title={model.failure.value}>
        {model.status.value === 'closed' ? 'disconnected' : 'offline'}
      </span>
    );
  }
  return (
    <>
      <span class={`pill ${toneOf(status, paused)}`}>{paused ? `${status}, paused` : status}</span>
      {!model.isLive.value && <span class="pill past">as it was at {clock(model.now())}</span>}
    </>
  );
}

/** Shown when the journal has failed: later events are lost with the process, and nothing more starts. */
function JournalFailure({ moment }: { readonly moment: Moment }): JSX.Element | null {
  const model = useModel();
  const failure = journalFailureOf(moment);
  if (failure === undefined) return null;
  return (
    <button
      type="button"
      class="pill bad"
      title={`${plain(failure.error.message)}: no more tasks start`}
      onClick={() => model.open('failures')}
    >
      journal failed
    </button>
  );
}

function toneOf(status: string, paused: boolean): string {
  if (status === 'closed') return '';
  return status === 'open' && !paused ? 'good' : 'warn';
}

/** Why resuming and unlocking are disabled. */
const JOURNAL_FAILED = 'The journal has failed: no more calls are taken, and no more tasks start';

function Controls(): JSX.Element {
  const model = useModel();
  const { actions } = model;
  const live = model.live.value;
  const state = live?.state;
  const isPaused = state?.paused ?? false;
  const isLocked = state?.status === 'locked';
  const isClosing = state?.status === 'closing';
  const hasFailed = live !== undefined && journalFailureOf(live) !== undefined;
  return (
    <div class="actions">
      <Button
        pressed={isPaused}
        disabled={hasFailed}
        title={hasFailed ? JOURNAL_FAILED : 'Keep further tasks from starting (P)'}
        onClick={() => {
          if (isPaused) actions.run('resume', {}, 'Resumed');
          else actions.run('pause', {}, 'Paused: no more tasks start');
        }}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button
        pressed={isLocked}
        disabled={isClosing || hasFailed}
        title={hasFailed ? JOURNAL_FAILED : 'Refuse new calls; what was accepted still runs'}
        onClick={() => {
          if (isLocked) actions.run('unlock', {}, 'Unlocked');
          else actions.run('lock', {}, 'Locked: new calls are refused');
        }}
      >
        {isLocked ? 'Unlock' : 'Lock'}
      </Button>
      <Button danger disabled={isClosing} onClick={() => askToClose(model)}>
        {isClosing ? 'Closing…' : 'Close…'}
      </Button>
    </div>
  );
}

function askToClose(model: Model): void {
  const { actions, live } = model;
  const numRunning = live.value?.state.numRunning ?? 0;
  const numPending = live.value === undefined ? 0 : model.numPending(live.value);
  actions.ask({
    title: 'Close the pool?',
    text: closes(numRunning, numPending),
    action: 'Close the pool',
    onConfirm: () =>
      actions.run('gatherAndClose', { returnExceptions: true }, 'The pool is closed'),
  });
}
