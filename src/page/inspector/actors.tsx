/** The tree of actors, with the state and status of each. */

import type { JSX } from 'preact';
import { Button, Empty, Link, Panel } from '../ui/controls.tsx';
import { plain, plural } from '../ui/format.ts';
import { VirtualRows } from '../ui/virtual-rows.tsx';
import { useModel } from './context.ts';
import { stateText } from './data/actor-record.ts';
import { poolOf } from './data/pool.ts';
import { type ActorRow, type ProgramRow, rowsOf } from './data/tree.ts';

const ROW_HEIGHT = 29;
const INDENT = 14;

const COLORS: Readonly<Record<string, string>> = {
  active: 'running',
  done: 'fulfilled',
  error: 'rejected',
  stopped: 'cancelled',
  disconnected: 'queued',
  // The outcomes of tasks.
  fulfilled: 'fulfilled',
  rejected: 'rejected',
  cancelled: 'cancelled',
};

/** The outcomes of tasks, all of which end in the same state. */
const OUTCOMES: ReadonlySet<string> = new Set(['fulfilled', 'rejected', 'cancelled']);

const BAD: ReadonlySet<string> = new Set(['error', 'rejected']);

export function ActorsPanel(): JSX.Element {
  const model = useModel();
  const { history, seq, search, hidesEnded, collapsed } = model;
  const rows = rowsOf(history, {
    seq,
    search: search.value,
    hidesEnded: hidesEnded.value,
    collapsed: collapsed.value,
  });
  return (
    <Panel
      class="actors"
      title="Actors"
      label="Actors"
      right={
        <Button
          pressed={hidesEnded.value}
          onClick={() => {
            hidesEnded.value = !hidesEnded.value;
          }}
        >
          Active only
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No such actor">
          {plural(history.actors.size, 'actor')} in all, none of them matches.
        </Empty>
      ) : (
        <VirtualRows
          label="The tree of actors"
          count={rows.length}
          rowHeight={ROW_HEIGHT}
          columns={2}
          head={
            <tr>
              <th>Name</th>
              <th>State</th>
            </tr>
          }
          row={(index) => {
            const row = rows[index];
            if (row === undefined) return null;
            if ('actor' in row) return <Actor key={row.actor.key} row={row} />;
            return <Program key={`program ${row.program}`} row={row} />;
          }}
        />
      )}
    </Panel>
  );
}

function Program({ row }: { readonly row: ProgramRow }): JSX.Element {
  return (
    <tr class="program">
      <td colSpan={2}>
        <b>Program {row.program + 1}</b>
        {row.isClosed && ' disconnected'}
      </td>
    </tr>
  );
}

function Actor({ row }: { readonly row: ActorRow }): JSX.Element {
  const model = useModel();
  const { actor, depth, moment, status, numChildren, isCollapsed } = row;
  const pool = poolOf(moment);
  const state = stateText(moment.snapshot?.value);
  const color = COLORS[status] ?? 'queued';
  return (
    <tr
      aria-selected={actor === model.selected}
      class={status === 'active' ? '' : 'ended'}
      onClick={() => model.select(actor.key)}
    >
      <td title={`${actor.id}, ${actor.sessionId}`}>
        <span class="actor" style={{ paddingLeft: `${depth * INDENT}px` }}>
          {numChildren > 0 ? (
            <button
              type="button"
              class="fold"
              aria-expanded={!isCollapsed}
              aria-label={`${plural(numChildren, 'child', 'children')} of ${actor.name}`}
              onClick={(event) => {
                event.stopPropagation();
                model.toggle(actor.key);
              }}
            />
          ) : (
            <span class="fold" />
          )}
          <i class="dot" style={{ background: `var(--${color})` }} />
          <Link onClick={() => model.select(actor.key)}>{plain(pool?.name ?? actor.name)}</Link>
          {pool !== undefined && <small class="chip">pool</small>}
        </span>
      </td>
      <td class={BAD.has(status) ? 'bad' : ''} title={state}>
        <span class="state-text">
          <span>{plain(state === '' || OUTCOMES.has(status) ? status : state)}</span>
          {state !== '' && status !== 'active' && !OUTCOMES.has(status) && (
            <span class="status">{status}</span>
          )}
        </span>
      </td>
    </tr>
  );
}
