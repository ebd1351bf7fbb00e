/** The list of failures by error: counts, first and last time, and tasks. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Empty, Link } from '../../ui/controls.tsx';
import { count, plain, plainLines, plural } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useModel } from '../context.ts';
import { FailedAt } from './failed-at.tsx';
import { type Failure, type FailureMessage, failuresOf } from './failure-groups.ts';
import { TroubleRow, troublesOf } from './troubles.tsx';

/** The error whose tasks are listed. */
const open = signal<string | undefined>(undefined);

/** The maximum number of tasks listed per message. */
const MOST_NAMED = 100;

export function Failures(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const failures = failuresOf(moment, model.statistics.failures(moment.state));
  const troubles = troublesOf(moment);
  if (failures.length + troubles.length === 0) {
    return <Empty title="Nothing has failed">Errors of tasks would be listed here.</Empty>;
  }
  return (
    <Scroll label="Failures">
      <table>
        <thead>
          <tr>
            <th>error</th>
            <th class="n">rejected</th>
            <th class="n">retried</th>
            <th class="n wide">first</th>
            <th class="n wide">last</th>
          </tr>
        </thead>
        <tbody>
          {troubles.map((trouble) => (
            <TroubleRow key={trouble.seq} trouble={trouble} />
          ))}
          {failures.map((failure) => (
            <Row key={failure.name} failure={failure} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface RowProps {
  readonly failure: Failure;
}

function Row({ failure }: RowProps): JSX.Element {
  const { name, rejected, retried, messages } = failure;
  const isOpen = open.value === name;
  const remembered = messages.reduce((sum, { ids }) => sum + ids.length, 0);
  return (
    <>
      <tr
        class="opens"
        onClick={() => {
          open.value = isOpen ? undefined : name;
        }}
      >
        <td class="error" title={plain(name)}>
          {/* Its click, by keyboard too, is one of the row. */}
          <button type="button" class="link bad" aria-expanded={isOpen}>
            {isOpen ? '▾' : '▸'} <b>{plain(name)}</b>
          </button>{' '}
          <span class="mono soft">{plain(messages[0]?.message ?? '')}</span>
        </td>
        <td class={`n ${rejected > 0 ? 'bad' : ''}`}>{count(rejected)}</td>
        <td class="n">{retried === undefined ? '–' : count(retried)}</td>
        <FailedAt at={failure.first} seq={failure.firstSeq} />
        <FailedAt at={failure.last} seq={failure.lastSeq} />
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={5} class="items">
            {messages.map((each) => (
              <Message key={each.message} message={each} />
            ))}
            {remembered < rejected && (
              <p class="soft">
                {plural(rejected - remembered, 'failed task')} of {count(rejected)} no longer
                remembered.
              </p>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

interface MessageProps {
  readonly message: FailureMessage;
}

function Message({ message: { message, isVaried, ids } }: MessageProps): JSX.Element {
  const model = useModel();
  return (
    <p>
      <span class="mono lines">{plainLines(message)}</span>{' '}
      <b class="bad">{plural(ids.length, 'task')}</b>{' '}
      {isVaried && <span class="soft">the numbers in it vary</span>}
      <br />
      {ids.slice(0, MOST_NAMED).map((id) => (
        <Link key={id} label={`Select task ${id}`} onClick={() => model.select(id)}>
          {count(id)}
        </Link>
      ))}
      {ids.length > MOST_NAMED && (
        <>
          {' '}
          the last {MOST_NAMED} of {count(ids.length)};{' '}
          <Link onClick={() => model.tasksOf('rejected')}>list all</Link>
        </>
      )}
    </p>
  );
}
