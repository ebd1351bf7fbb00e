/** A form that sends an event to the selected actor, if its program accepts events. */

import type { JSX, TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useModel } from './context.ts';
import { chartOf } from './data/chart.ts';
import { eventsFrom, readEvent } from './data/sending.ts';
import { activeStates } from './data/taken.ts';

export function Send(): JSX.Element | null {
  const model = useModel();
  const { selected, seq, refusal, pausedAt } = model;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  if (selected === undefined) return null;
  if (model.status === 'disconnected')
    return <p class="send soft">Its program has disconnected.</p>;
  if (model.status !== 'active') return <p class="send soft">It has ended, and takes no events.</p>;
  if (!model.takesEvents) {
    return (
      <p class="send soft">
        This program takes no events; with <code>acceptEvents(inspector)</code> it does.
      </p>
    );
  }
  const send = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = readEvent(text);
    if (typeof read === 'string') {
      setProblem(read);
      return;
    }
    setProblem(undefined);
    model.send(read);
  };
  const { program, sessionId } = selected;
  const refused = refusal.value;
  const isMine = refused?.program === program && refused.sessionId === sessionId;
  const why = problem ?? (isMine ? refused.why : undefined);
  const chart = chartOf(selected.definition);
  const value = selected.at(seq).snapshot?.value;
  const names =
    typeof chart === 'object' ? eventsFrom(chart.chart, activeStates(chart.chart, value)) : [];
  return (
    <form class="send" onSubmit={send} aria-label={`Send an event to ${selected.name}`}>
      <input
        aria-label={`An event for ${selected.name}: its type, or JSON`}
        placeholder={'TYPE or {"type": …}'}
        value={text}
        list="sendable"
        spellcheck={false}
        autocomplete="off"
        disabled={pausedAt.value !== undefined}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <datalist id="sendable">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button
        type="submit"
        class="btn"
        disabled={pausedAt.value !== undefined}
        title={pausedAt.value === undefined ? undefined : 'The past takes no events'}
      >
        Send
      </button>
      {why !== undefined && (
        <p class="bad" role="alert">
          {why}
        </p>
      )}
    </form>
  );
}
