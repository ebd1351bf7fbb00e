/** The log of events, which can be stopped and searched. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { EVENT_TYPES } from '../../../events/event-codes.ts';
import type { PoolEvent } from '../../../index.ts';
import { Button, Empty, Link } from '../../ui/controls.tsx';
import { clock, count, json } from '../../ui/format.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useModel } from '../context.ts';

const SUBJECTS = ['task', 'group', 'pool', 'limit', 'callback', 'journal'];

const type = signal('');
const text = signal('');
/** The last event shown while the log is stopped. */
const stopped = signal<number | undefined>(undefined);

export function Events(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const all = moment.reel.upTo(Math.min(moment.seq, stopped.value ?? moment.seq));
  const wanted = text.value.trim().toLowerCase();
  const events = all.filter(
    (event) =>
      (type.value === '' || event.type === type.value || event.type.startsWith(`${type.value}.`)) &&
      (wanted === '' || JSON.stringify(event).toLowerCase().includes(wanted)),
  );
  return (
    <>
      <div class="filters">
        <select
          aria-label="Type"
          value={type.value}
          onChange={({ currentTarget }) => {
            type.value = currentTarget.value;
          }}
        >
          <option value="">all types</option>
          {[...SUBJECTS, ...EVENT_TYPES].map((name) => (
            <option key={name} value={name}>
              {name.includes('.') ? name : `${name}.*`}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label="Text in events"
          placeholder="anything in an event …"
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
        <span class="soft note">
          {count(events.length)} of {count(all.length)}
          {(all[0]?.seq ?? 0) > 0 && `, from seq ${count(all[0]?.seq ?? 0)} on`}
        </span>
        <Button
          pressed={stopped.value !== undefined}
          onClick={() => {
            stopped.value = stopped.value === undefined ? moment.seq : undefined;
          }}
        >
          {stopped.value === undefined ? 'Hold' : 'Follow'}
        </Button>
      </div>
      {events.length === 0 ? (
        <Empty title="No events">None is as you ask for.</Empty>
      ) : (
        <VirtualRows
          label="Events"
          count={events.length}
          rowHeight={24}
          columns={4}
          followEnd={stopped.value === undefined}
          head={
            <tr>
              <th class="n">seq</th>
              <th class="wide">time</th>
              <th>event</th>
              <th>fields</th>
            </tr>
          }
          row={(index) => {
            const event = events[index] as PoolEvent;
            return <Row key={event.seq} event={event} />;
          }}
        />
      )}
    </>
  );
}

function Row({ event }: { readonly event: PoolEvent }): JSX.Element {
  const model = useModel();
  const { v: _v, pool: _pool, seq, at, type: name, ...fields } = event;
  const id = 'id' in event ? event.id : undefined;
  return (
    <tr class="event">
      <td class="n">
        <Link onClick={() => model.travel.go(seq)} title="Show everything as it was then">
          {count(seq)}
        </Link>
      </td>
      <td class="mono wide">{clock(at)}</td>
      <td class={toneOf(event)}>
        {name}
        {id !== undefined && (
          <Link onClick={() => model.select(id)} label={`Select task ${id}`}>
            {count(id)}
          </Link>
        )}
      </td>
      <td class="mono note">
        {Object.entries(fields)
          .filter(([key]) => key !== 'id')
          .map(([key, value]) => `${key}=${json(value, 80)}`)
          .join(' ')}
      </td>
    </tr>
  );
}

function toneOf(event: PoolEvent): string {
  if (event.type.endsWith('.failed')) return 'bad';
  if (event.type === 'task.ended' && event.outcome === 'rejected') return 'bad';
  return '';
}
