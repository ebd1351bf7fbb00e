/** The list of limits: which keys have reached theirs, and when the next task may start. */

import type { JSX } from 'preact';
import type { RateNumbers } from '../../../index.ts';
import { Empty, Link } from '../../ui/controls.tsx';
import { count, duration, plain, plural } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useHover, useSteady } from '../../ui/steady.ts';
import { Stepper } from '../../ui/stepper.tsx';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';
import { type KeyUse, type LimitUse, limitsOf } from './limit-use.ts';

/** The maximum number of keys shown per limit, the most relevant ones. */
const MOST_KEYS = 50;
/** Milliseconds for which the button pauses a key. */
const PAUSE = 60_000;

export function Limits(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  const { isOver, handlers } = useHover();
  if (moment === undefined) return null;
  const limits = limitsOf(moment, model.now());
  if (limits.length === 0) {
    return <Empty title="No limits">The pool has none but its size.</Empty>;
  }
  return (
    <Scroll label="Limits">
      <table>
        <thead>
          <tr>
            <th>limit, key</th>
            <th class="n">running</th>
            <th class="n stepped">at once</th>
            <th class="n wide">rate</th>
            <th class="n">next start</th>
            <th class="n">
              <span class="visually-hidden">what can be done</span>
            </th>
          </tr>
        </thead>
        <tbody {...handlers}>
          {limits.map((limit) => (
            <LimitRows key={limit.name} limit={limit} isHeld={isOver && model.isLive.value} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface LimitProps {
  readonly limit: LimitUse;
}

interface LimitRowsProps extends LimitProps {
  /** Whether keys keep their places, however busy they become. */
  readonly isHeld: boolean;
}

function LimitRows({ limit, isHeld }: LimitRowsProps): JSX.Element {
  const model = useModel();
  const { name, concurrent, rate } = limit;
  const keys = useSteady(limit.keys, { keyOf: ({ key }) => key, isHeld });
  const set = (value: number): Promise<boolean> =>
    model.actions.attempt(
      'limit',
      { limit: name, concurrent: value },
      `Limit ${name}: ${count(value)}`,
    );
  return (
    <>
      <tr>
        <td class="name" title={name}>
          <span class="counted">
            <b class="mono">{name}</b>
            <span class="soft">{plural(limit.keys.length, 'key')}</span>
          </span>
        </td>
        <td class="n">{count(limit.keys.reduce((sum, { running }) => sum + running, 0))}</td>
        <td class="n">
          <Changes>
            <Stepper
              label={`Limit ${name}`}
              value={concurrent}
              least={1}
              isFixed={!model.mayChange.value}
              onSet={set}
            />
          </Changes>
        </td>
        <td class="n wide">{rate === null ? '–' : rateText(rate)}</td>
        <td />
        <td />
      </tr>
      {keys.slice(0, MOST_KEYS).map((key) => (
        <KeyRow key={String(key.key)} limit={limit} use={key} />
      ))}
      {keys.length > MOST_KEYS && (
        <tr>
          <td colSpan={6} class="key soft">
            the {MOST_KEYS} busiest of {count(limit.keys.length)} keys
          </td>
        </tr>
      )}
    </>
  );
}

function rateText({ max, per, spread }: RateNumbers): string {
  return `${count(max)} in ${duration(per)}${spread === true ? ', spread' : ''}`;
}

function KeyRow({ limit, use }: LimitProps & { readonly use: KeyUse }): JSX.Element {
  const model = useModel();
  const { key, running, nextStart, pausedFor } = use;
  const isFull = limit.concurrent !== null && running >= limit.concurrent;
  const pause = (ms: number): void =>
    model.actions.run(
      'pauseKey',
      { limit: limit.name, key, ms },
      ms === 0 ? `${key} resumed` : `${key} is held back for ${duration(ms)}`,
    );
  return (
    <tr>
      <td dir="auto" class="name key" title={plain(String(key))}>
        <code>{key === true ? 'all' : plain(String(key))}</code>
      </td>
      <td class={`n ${isFull ? 'warn' : ''}`}>{count(running)}</td>
      <td class="n soft">{isFull ? 'full' : ''}</td>
      <td class="wide" />
      <td class="n">
        {pausedFor > 0 ? (
          <span class="warn">paused {duration(pausedFor)}</span>
        ) : nextStart > 0 ? (
          `in ${duration(nextStart)}`
        ) : isFull ? (
          <span class="soft">as one ends</span>
        ) : (
          'now'
        )}
      </td>
      <td class="n">
        {model.mayChange.value && (
          <Changes>
            <Link
              label={`${pausedFor > 0 ? 'Resume' : 'Pause'} ${key} of ${limit.name}`}
              onClick={() => pause(pausedFor > 0 ? 0 : PAUSE)}
            >
              {pausedFor > 0 ? 'Resume' : 'Pause'}
            </Link>
          </Changes>
        )}
      </td>
    </tr>
  );
}
