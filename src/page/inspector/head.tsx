/** The head of the page: status, search, and the position in time. */

import type { JSX } from 'preact';
import { Button } from '../ui/controls.tsx';
import { count, plural } from '../ui/format.ts';
import { useModel } from './context.ts';
import { countActors } from './data/tree.ts';

export function Head(): JSX.Element {
  const model = useModel();
  const { history, seq } = model;
  const { all, active } = countActors(history, seq);
  return (
    <header>
      <h1>Inspector</h1>
      <Status />
      <Time />
      <label class="search">
        <span class="visually-hidden">Search actors, events and payloads</span>
        <input
          type="search"
          placeholder="Search actors and events"
          value={model.search.value}
          onInput={({ currentTarget }) => {
            model.search.value = currentTarget.value;
          }}
        />
      </label>
      <div class="counts">
        <Count name={all === 1 ? 'actor' : 'actors'} value={all} />
        <Count name="active" value={active} />
        {history.numDropped > 0 && (
          <span
            class="count warn"
            title={`Of ${plural(history.last + 1, 'message')} the latest are kept`}
          >
            <b>{count(history.numDropped)}</b> dropped
          </span>
        )}
      </div>
    </header>
  );
}

function Count({ name, value }: { readonly name: string; readonly value: number }): JSX.Element {
  return (
    <span class="count" data-count={name}>
      <b>{count(value)}</b> {name}
    </span>
  );
}

function Status(): JSX.Element {
  const { link, pausedAt } = useModel();
  if (link.status.value !== 'connected') {
    const text = link.status.value === 'refused' ? 'another inspector runs' : 'disconnected';
    return (
      <span class="pill bad" role="status">
        {text}
      </span>
    );
  }
  const isLive = pausedAt.value === undefined;
  return (
    <span class={isLive ? 'pill good' : 'pill past'} role="status">
      {isLive ? 'live' : 'paused'}
    </span>
  );
}

function Time(): JSX.Element {
  const model = useModel();
  const { history, seq } = model;
  const isPaused = model.pausedAt.value !== undefined;
  return (
    <div class="time">
      <Button label="One message back" title="←" onClick={() => model.step(-1)}>
        ‹
      </Button>
      <Button
        label="One message forward"
        title="→"
        disabled={!isPaused}
        onClick={() => model.step(1)}
      >
        ›
      </Button>
      <input
        type="range"
        aria-label="The message after which everything is shown"
        min={history.numDropped}
        max={history.last}
        value={seq}
        onInput={({ currentTarget }) => model.goTo(currentTarget.valueAsNumber)}
      />
      <output class="mono">
        <span class="word soft">message </span>
        {count(seq + 1)} <span class="soft">of {count(history.last + 1)}</span>
      </output>
      <Button
        title={isPaused ? 'Esc' : 'Space'}
        primary={isPaused}
        onClick={() => (isPaused ? model.resume() : model.pause())}
      >
        {isPaused ? 'Back to live' : 'Pause'}
      </Button>
    </div>
  );
}
