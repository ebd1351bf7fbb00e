/** The events of the selected actor, in and out, or those of all. */

import type { JSX } from 'preact';
import { Button, Empty, Link, Panel } from '../ui/controls.tsx';
import { clock, count, plural } from '../ui/format.ts';
import { VirtualRows } from '../ui/virtual-rows.tsx';
import { useModel } from './context.ts';
import { type EventEntry, eventRows, payloadOf, typeOf } from './data/event-rows.ts';

const ROW_HEIGHT = 29;

export function EventsPanel(): JSX.Element {
  const model = useModel();
  const { listsAll, selected, search } = model;
  const rows = eventRows(model);
  return (
    <Panel
      class="events"
      title={
        <>
          Events <small class="soft">{count(rows.length)}</small>
        </>
      }
      label="Events"
      right={
        <Button
          pressed={listsAll.value}
          onClick={() => {
            listsAll.value = !listsAll.value;
          }}
        >
          All actors
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No events">
          {search.value === ''
            ? `${selected?.name ?? 'This actor'} has neither got nor sent one so far.`
            : `Of ${plural(selected?.events.length ?? 0, 'event')} none matches.`}
        </Empty>
      ) : (
        <VirtualRows
          label="The list of events"
          count={rows.length}
          rowHeight={ROW_HEIGHT}
          columns={4}
          followEnd
          head={
            <tr>
              <th>Time</th>
              <th>{listsAll.value ? 'From → to' : 'Way'}</th>
              <th>Event</th>
              <th>Payload</th>
            </tr>
          }
          row={(index) => {
            const entry = rows[index];
            return entry && <EventRow key={entry.seq} entry={entry} />;
          }}
        />
      )}
    </Panel>
  );
}

function EventRow({ entry }: { readonly entry: EventEntry }): JSX.Element {
  const model = useModel();
  const { pausedAt } = model;
  return (
    <tr aria-selected={pausedAt.value === entry.seq} onClick={() => model.goTo(entry.seq)}>
      <td class="mono soft">{clock(entry.at)}</td>
      <td>
        <Way entry={entry} />
      </td>
      <td>
        <Link title="Show everything as it was then" onClick={() => model.goTo(entry.seq)}>
          {typeOf(entry)}
        </Link>
      </td>
      <td class="payload mono">{payloadOf(entry)}</td>
    </tr>
  );
}

/** `← orders`: from whom it came; `→ orders`: to whom it went. */
function Way({ entry }: { readonly entry: EventEntry }): JSX.Element {
  const { history, selected, listsAll } = useModel();
  const { program, message } = entry;
  const from = history.actorOf(program, message.sourceId)?.name;
  const to = history.actorOf(program, message.sessionId);
  if (listsAll.value) {
    return (
      <>
        {from ?? <span class="soft">outside</span>} → {to?.name}
      </>
    );
  }
  if (to !== selected) return <>→ {to?.name}</>;
  return <>← {from ?? <span class="soft">outside</span>}</>;
}
