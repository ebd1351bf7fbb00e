/** The differences between two moments. */

import type { JSX } from 'preact';
import { Empty, Link, Panel } from '../../ui/controls.tsx';
import { clock, count, duration, limit, plain, plural } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useModel } from '../context.ts';
import type { Moment } from '../data/moment.ts';

interface Difference {
  readonly name: string;
  readonly before: number | string;
  readonly after: number | string;
}

export function Comparison({ pinned }: { readonly pinned: Moment }): JSX.Element | null {
  const model = useModel();
  const shown = model.shown.value;
  if (shown === undefined) return null;
  const [a, b] = pinned.seq <= shown.seq ? [pinned, shown] : [shown, pinned];
  const differences = differencesOf(a, b);
  return (
    <Panel
      class="detail"
      label="Comparison"
      title={`seq ${count(a.seq)} and ${count(b.seq)}`}
      right={
        <>
          <span>
            {plural(b.seq - a.seq, 'event')}, {duration(b.at - a.at)} apart
          </span>
          <Link
            label="End the comparison"
            onClick={() => {
              model.pinned.value = undefined;
            }}
          >
            ×
          </Link>
        </>
      }
    >
      {differences.length === 0 ? (
        <Empty title="No difference">Drag the time bar to another place.</Empty>
      ) : (
        <Scroll label="What is different">
          <table>
            <thead>
              <tr>
                <th>what</th>
                <th class="n">{clock(a.at)}</th>
                <th class="n">{clock(b.at)}</th>
                <th class="n">change</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ name, before, after }) => (
                <tr key={name}>
                  <td class="name" title={plain(name)}>
                    {plain(name)}
                  </td>
                  <td class="n">{text(before)}</td>
                  <td class="n">{text(after)}</td>
                  <td class="n">{change(before, after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

function differencesOf(a: Moment, b: Moment): Difference[] {
  const [before, after] = [factsOf(a), factsOf(b)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return Array.from(names, (name) => ({
    name,
    before: before.get(name) ?? '–',
    after: after.get(name) ?? '–',
  })).filter((each) => each.before !== each.after);
}

/** The compared values by name. */
function factsOf(moment: Moment): Map<string, number | string> {
  const { state } = moment;
  const { seq: _, states, ...counts } = moment.counts();
  const facts = new Map<string, number | string>([
    ['status', state.paused ? `${state.status}, paused` : state.status],
    ['size', limit(state.poolSize)],
    ['groups', state.groups.size],
    ...Object.entries(counts).map(([name, value]) => [wordOf(name), value] as const),
    // The other states have their own counts.
    ['cancelling', states['cancelling'] ?? 0],
    ['timed out', states['timedOut'] ?? 0],
  ]);
  for (const group of state.groups) {
    facts.set(`${group.name}: ended`, group.ended);
    facts.set(`${group.name}: limit`, limit(group.numConcurrent));
    if (group.paused) facts.set(`${group.name}: paused`, 'yes');
    if (group.priority !== 0) facts.set(`${group.name}: priority`, group.priority);
  }
  return facts;
}

/** Converts `numRunning` to `running`. */
function wordOf(name: string): string {
  return name.startsWith('num') ? name.slice(3).toLowerCase() : name;
}

function text(value: number | string): string {
  return typeof value === 'number' ? count(value) : value;
}

function change(before: number | string, after: number | string): string {
  if (typeof before !== 'number' || typeof after !== 'number') return '';
  const by = after - before;
  return by > 0 ? `+${count(by)}` : `−${count(-by)}`;
}
