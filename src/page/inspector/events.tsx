/** The events of the selected actor, received and sent, or those of all actors. */

import type { JSX } from 'preact';
import { labelOf } from '../../charts/labels.ts';
import { Button, Empty, Link } from '../ui/controls.tsx';
import { clock, count, plain, plural } from '../ui/format.ts';
import { TabPanel, Tabs } from '../ui/tabs.tsx';
import { VirtualRows } from '../ui/virtual-rows.tsx';
import { useModel } from './context.ts';
import { eventRows, payloadOf } from './data/event-rows.ts';
import { type EventEntry, eventType, isFailure } from './data/messages.ts';
import { sequenceOf } from './data/sequence.ts';
import { pictureOfSequence } from './data/sequence-picture.ts';
import { SaveButtons } from './save.tsx';
import { SequenceView } from './sequence-view.tsx';

const ROW_HEIGHT = 29;

export function EventsPanel(): JSX.Element {
  const model = useModel();
  const { listsAll, showsSequence, history, seq } = model;
  const rows = eventRows(model);
  const sequence = showsSequence.value ? sequenceOf(rows, history, seq) : undefined;
  return (
    <section class="panel events" aria-label="Events">
      <div class="cap">
        <Tabs
          label="How events are shown"
          tabs={[
            { name: 'list', title: 'Events', note: count(rows.length) },
            { name: 'sequence', title: 'Sequence' },
          ]}
          current={showsSequence.value ? 'sequence' : 'list'}
          onSelect={(name) => {
            showsSequence.value = name === 'sequence';
          }}
        />
        <div class="right">
          {sequence !== undefined && (
            <SaveButtons
              what="the sequence"
              picture={() => ({ ...pictureOfSequence(sequence), name: 'sequence' })}
            />
          )}
          <Button
            pressed={listsAll.value}
            onClick={() => {
              listsAll.value = !listsAll.value;
            }}
          >
            All actors
          </Button>
        </div>
      </div>
      <TabPanel name={sequence === undefined ? 'list' : 'sequence'}>
        {rows.length === 0 ? (
          <NoEvents />
        ) : sequence === undefined ? (
          <EventList rows={rows} />
        ) : (
          <SequenceView sequence={sequence} />
        )}
      </TabPanel>
    </section>
  );
}

function NoEvents(): JSX.Element {
  const { search, listsAll, selected, history } = useModel();
  if (search.value === '') {
    const who = listsAll.value ? 'No actor' : (selected?.name ?? 'This actor');
    return (
      <Empty title="No events">
        {listsAll.value
          ? `${who} has got one so far.`
          : `${who} has neither got nor sent one so far.`}
      </Empty>
    );
  }
  const all = listsAll.value ? history.entries.length : (selected?.events.length ?? 0);
  const what = listsAll.value ? plural(all, 'message') : plural(all, 'event');
  return <Empty title="No such event">Of {what} none matches.</Empty>;
}

function EventList({ rows }: { readonly rows: readonly EventEntry[] }): JSX.Element {
  const { listsAll } = useModel();
  return (
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
  );
}

function EventRow({ entry }: { readonly entry: EventEntry }): JSX.Element {
  const model = useModel();
  const { pausedAt } = model;
  const type = eventType(entry.message.event);
  return (
    <tr aria-selected={pausedAt.value === entry.seq} onClick={() => model.goTo(entry.seq)}>
      <td class="mono soft">{clock(entry.at)}</td>
      <td>
        <Way entry={entry} />
      </td>
      <td class={isFailure(entry) ? 'bad' : ''}>
        <Link
          title={`${plain(type)}: show everything as it was then`}
          onClick={() => model.goTo(entry.seq)}
        >
          {plain(labelOf({ type, guard: undefined }))}
        </Link>
      </td>
      <td class="payload mono">{payloadOf(entry)}</td>
    </tr>
  );
}

/** `← orders` for the sender, `→ orders` for the receiver. */
function Way({ entry }: { readonly entry: EventEntry }): JSX.Element {
  const { history, selected, listsAll } = useModel();
  const { program, message } = entry;
  const source = history.actorOf(program, message.sourceId);
  const from = source && plain(source.name);
  const to = history.actorOf(program, message.sessionId);
  const target = plain(to?.name ?? '');
  if (listsAll.value) {
    return (
      <>
        {from ?? <span class="soft">outside</span>} → {target}
      </>
    );
  }
  if (to !== selected) return <>→ {target}</>;
  return <>← {from ?? <span class="soft">outside</span>}</>;
}
