/** What failed, by error: how often, when first and last, and which tasks. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Empty, Link } from '../../ui/controls.tsx';
import { clock, count } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useModel } from '../context.ts';
import type { Model } from '../data/model.ts';
import { type Failure, failuresOf } from './failure-groups.ts';

const open = signal<string | undefined>(undefined);

/** So many tasks of a failure are named. */
const MOST_NAMED = 200;

export function Failures(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const failures = failuresOf(moment);
  const { rejected } = moment.state.totals;
  const known = failures.reduce((sum, { ids }) => sum + ids.length, 0);
  if (rejected === 0 && failures.length === 0) {
    return <Empty title="Nothing has failed">Errors of tasks would be listed here.</Empty>;
  }
  return (
    <>
      {known < rejected && (
        <p class="filters soft">
          {count(known)} of {count(rejected)} failures: the others are no longer remembered.
        </p>
      )}
      <Scroll label="Failures">
        <table>
          <thead>
            <tr>
              <th>error</th>
              <th class="n">tasks</th>
              <th class="n wide">first</th>
              <th class="n">last</th>
            </tr>
          </thead>
          <tbody>
            {failures.map((failure) => (
              <Row key={failure.key} failure={failure} model={model} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Row({
  failure,
  model,
}: {
  readonly failure: Failure;
  readonly model: Model;
}): JSX.Element {
  const { key, name, message, ids, first, last } = failure;
  const isOpen = open.value === key;
  return (
    <>
      <tr>
        <td class="error">
          <button
            type="button"
            class="link"
            aria-expanded={isOpen}
            onClick={() => {
              open.value = isOpen ? undefined : key;
            }}
          >
            {isOpen ? '▾' : '▸'} <b class="bad">{name}</b>
          </button>{' '}
          <span class="mono">{message}</span>
        </td>
        <td class="n bad">{count(ids.length)}</td>
        <td class="n wide mono">{clock(first)}</td>
        <td class="n mono">{clock(last)}</td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={4} class="items">
            {ids.slice(0, MOST_NAMED).map((id) => (
              <Link key={id} onClick={() => model.select(id)}>
                {count(id)}
              </Link>
            ))}
            {ids.length > MOST_NAMED && (
              <span class="soft">
                {' '}
                the last {count(MOST_NAMED)} of {count(ids.length)};{' '}
                <Link onClick={() => model.tasksOf('rejected')}>list all</Link>
              </span>
            )}
          </td>
        </tr>
      )}
    </>
  );
}
