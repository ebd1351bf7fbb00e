/** The values of the selected actor, with recent changes, and the last event it received. */

import type { JSX } from 'preact';
import { Empty, Panel } from '../ui/controls.tsx';
import { clock } from '../ui/format.ts';
import { Scroll } from '../ui/scroll.tsx';
import { useModel } from './context.ts';
import { numUntil } from './data/actor-record.ts';
import type { SentEvent, Snapshot } from './data/messages.ts';
import type { Model } from './data/model.ts';
import { Send } from './send.tsx';
import { Tree } from './tree.tsx';

export function ValuesPanel(): JSX.Element {
  const model = useModel();
  const { selected, seq } = model;
  const moment = selected?.at(seq);
  const values = valuesOf(moment?.snapshot);
  const before = moment?.before && valuesOf(moment.before);
  const event = lastEvent(model);
  return (
    <Panel
      class="values"
      title="Values"
      label="Values"
      right={moment !== undefined && <span>as of {clock(moment.at)}</span>}
    >
      {Object.keys(values).length === 0 && event === undefined ? (
        <Empty title="No values">This actor holds nothing.</Empty>
      ) : (
        <Scroll label="The values">
          {Object.entries(values).map(([name, value]) => (
            <section class="value-part" key={`${selected?.key} ${name}`}>
              <h3>{name}</h3>
              <Tree value={value} before={before === undefined ? value : before[name]} />
            </section>
          ))}
          {event !== undefined && (
            <section class="value-part" key={`${selected?.key} event`}>
              <h3>last event</h3>
              <Tree value={event} before={event} />
            </section>
          )}
        </Scroll>
      )}
      <Send key={selected?.key} />
    </Panel>
  );
}

/** The relevant parts of a snapshot; for actors without a machine, all of it. */
const PARTS = ['context', 'output', 'error', 'input'] as const;

function valuesOf(snapshot: Snapshot | undefined): Readonly<Record<string, unknown>> {
  const parts: Record<string, unknown> = {};
  for (const name of PARTS) {
    const value = snapshot?.[name];
    if (value !== undefined && value !== null) parts[name] = value;
  }
  return parts;
}

/** The latest event that the selected actor received. */
function lastEvent({ selected, seq }: Model): SentEvent | undefined {
  if (selected === undefined) return undefined;
  const { events, sessionId } = selected;
  for (let place = numUntil(events, seq) - 1; place >= 0; place--) {
    const message = events[place]?.message;
    if (message?.sessionId === sessionId) return message.event ?? undefined;
  }
  return undefined;
}
