/** The counts of the pool, and lines of the last minute. */

import type { JSX } from 'preact';
import { count, rate, short } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import { quantile, type Second } from '../data/seconds.ts';
import { Sparkline } from './sparkline.tsx';

const MINUTE = 60;

export function Counts(): JSX.Element {
  const model = useModel();
  const moment = model.shown.value;
  const counts = moment?.counts();
  if (moment === undefined || counts === undefined) return <div class="counts" />;
  // Without the current second, which is incomplete and would always be too low.
  const seconds = moment.reel.seconds.upTo(model.now() - 1000, MINUTE);
  const last = seconds.slice(-5);
  const waits = last.flatMap((second) => second?.waits ?? []);
  const p95 = quantile(waits, 0.95);
  return (
    <div class="counts" data-seq={counts.seq}>
      <Count name="running" value={counts.numRunning} color="running" />
      <Count name="pending" value={model.numPending(moment)} color="queued" />
      <Count name="delayed" value={counts.numDelayed} color="delayed" />
      <Count name="fulfilled" value={counts.fulfilled} color="fulfilled" />
      <Count name="rejected" value={counts.rejected} color="rejected" />
      <Count name="cancelled" value={counts.cancelled} color="cancelled" />
      <Line
        label="Tasks that ended, in each second of the last minute"
        values={seconds.map((second) => second?.ended ?? 0)}
        text={`${rate(mean(last, 'ended'))} / s`}
        color="accent"
      />
      <Line
        kind="waits"
        label="How long 95 of 100 tasks waited at the most, in each second of the last minute"
        values={seconds.map((second) => quantile(second?.waits ?? [], 0.95) ?? 0)}
        text={`wait p95 ${p95 === undefined ? '–' : short(p95)}`}
        color="accent"
      />
      <Line
        label="Failures in each second of the last minute"
        values={seconds.map((second) => second?.failed ?? 0)}
        text={`${rate(mean(last, 'failed'))} failed / s`}
        color="rejected"
      />
    </div>
  );
}

function mean(seconds: readonly (Second | undefined)[], which: 'ended' | 'failed'): number {
  const sum = seconds.reduce((total, second) => total + (second?.[which] ?? 0), 0);
  return sum / Math.max(1, seconds.length);
}

interface CountProps {
  readonly name: string;
  readonly value: number;
  readonly color: string;
}

function Count({ name, value, color }: CountProps): JSX.Element {
  return (
    <div class={`count ${name === 'rejected' && value > 0 ? 'alarm' : ''}`}>
      <b data-count={name}>{count(value)}</b>
      <span>
        <i class="dot" style={{ background: `var(--${color})` }} />
        {name}
      </span>
    </div>
  );
}

interface LineProps {
  readonly kind?: string;
  readonly label: string;
  readonly values: readonly number[];
  readonly text: string;
  readonly color: string;
}

function Line({ kind = '', label, values, text, color }: LineProps): JSX.Element {
  return (
    <div class={`count line ${kind}`}>
      <Sparkline label={label} values={values} color={color} />
      <span>{text}</span>
    </div>
  );
}
