/** A pool on one line: its size, and its tasks by state. */

import type { JSX } from 'preact';
import { count, limit } from '../ui/format.ts';
import { useModel } from './context.ts';
import type { ActorRecord } from './data/actor-record.ts';
import { countTasks, type ShownPool } from './data/pool.ts';

interface PoolStripProps {
  readonly pool: ShownPool;
  readonly actor: ActorRecord;
}

/** States shown even without tasks. */
const ALWAYS: ReadonlySet<string> = new Set(['running', 'queued', 'fulfilled']);

export function PoolStrip({ pool, actor }: PoolStripProps): JSX.Element {
  const model = useModel();
  const dashboard = model.dashboardOf(actor);
  return (
    <div class="pool-strip" title="Of the tasks that are shown here">
      <span>
        {pool.kind} <span class="soft">of size</span> <b>{limit(pool.poolSize)}</b>
      </span>
      {Array.from(countTasks(model.history, actor, model.seq), ([name, number]) =>
        number === 0 && !ALWAYS.has(name) ? null : (
          <span key={name} class={number === 0 ? 'soft' : ''}>
            <i class="dot" style={{ background: `var(--${name})` }} />
            <b>{count(number)}</b> {name}
          </span>
        ),
      )}
      {dashboard !== undefined && (
        <a href={dashboard} target="_blank" rel="noreferrer">
          Dashboard
        </a>
      )}
    </div>
  );
}
