/** The tooltip of a bar. */

import type { JSX } from 'preact';
import { clock, count, duration, plain } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import { type Bars, Kind } from '../data/bars.ts';

interface TipProps {
  readonly bars: Bars;
  readonly bar: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const WORDS: Readonly<Record<number, string>> = {
  [Kind.running]: 'running',
  [Kind.fulfilled]: 'fulfilled',
  [Kind.rejected]: 'rejected',
  [Kind.cancelled]: 'cancelled',
  [Kind.failed]: 'failed, to be retried',
  [Kind.interrupted]: 'interrupted',
};

export function Tip({ bars, bar, x, y, width }: TipProps): JSX.Element {
  const model = useModel();
  const place = bars.place(bar);
  const now = model.now();
  const start = bars.start[place] as number;
  const end = bars.end[place] as number;
  const isOver = end <= now;
  const kind = isOver ? (bars.kind[place] as number) : Kind.running;
  const attempt = bars.attempt[place] as number;
  const style =
    x > width / 2
      ? { right: `${width - x + 12}px`, top: `${y + 12}px` }
      : { left: `${x + 12}px`, top: `${y + 12}px` };
  return (
    <div class="tip" style={style} aria-hidden="true">
      <b>Task {count(bars.id[place] as number)}</b>{' '}
      {plain(bars.groups[bars.group[place] as number] ?? '')}
      <br />
      {WORDS[kind]}
      {attempt > 1 && `, attempt ${attempt}`} · {duration(Math.min(end, now) - start)}
      {!isOver && ' so far'}
      <br />
      <span class="soft">
        slot {count((bars.lane[place] as number) + 1)} · from {clock(start)}
      </span>
    </div>
  );
}
