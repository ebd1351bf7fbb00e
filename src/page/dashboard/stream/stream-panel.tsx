/** The stream: tasks over time, with a lane for each slot and a bar for each attempt. */

import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button, Key, Link, Panel } from '../../ui/controls.tsx';
import { count, duration, plain, plural } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import type { Bars } from '../data/bars.ts';
import { type Coloring, groupColor } from './bar-colors.ts';
import { streamColors } from './colors.ts';
import { summaryOf } from './hit.ts';
import { Minimap } from './minimap.tsx';
import { StreamPainter } from './painter.ts';
import { StageEmpty } from './stage-empty.tsx';
import { Stream } from './stream.tsx';
import { useReel } from './use-reel.ts';
import { fitted, LAST_MINUTE, type Span, spanOf, type View, zoomed } from './view.ts';

export function StreamPanel(): JSX.Element {
  const model = useModel();
  const view = useSignal<View>(LAST_MINUTE);
  const range = useSignal<Span | undefined>(undefined);
  const coloring = useSignal<Coloring>('outcome');
  const reel = useReel(view);
  useWholeRun(view);
  useFirstSeconds(view);
  const zoom = (factor: number): void => {
    view.value = zoomed(view.value, model.now(), factor, 0.5);
  };
  const zoomIn = (): void => {
    if (range.value !== undefined) view.value = { kind: 'fixed', span: range.value };
    range.value = undefined;
  };
  return (
    <Panel
      class="stream"
      label="Tasks over time"
      title="Tasks over time"
      right={
        <>
          {coloring.value === 'outcome' ? <Legend /> : <GroupLegend bars={reel.bars} />}
          <Link
            title="Colour bars by their outcome or by their group"
            onClick={() => {
              coloring.value = coloring.value === 'outcome' ? 'group' : 'outcome';
            }}
          >
            colours by {coloring.value}
          </Link>
          <span class="zoom">
            <Button label="Zoom out" onClick={() => zoom(2)}>
              −
            </Button>
            <span class="length">{lengthText(view.value, model.now())}</span>
            <Button label="Zoom in" onClick={() => zoom(0.5)}>
              +
            </Button>
          </span>
        </>
      }
    >
      <div class="stage" aria-busy={model.shown.value?.isExtending}>
        <Stream view={view} range={range} coloring={coloring.value} reel={reel} />
        {range.value !== undefined && (
          <div class="range-note" role="status">
            {rangeText(range.value, reel.bars)} <Link onClick={zoomIn}>zoom in</Link>
            <Link
              label="Deselect the range"
              onClick={() => {
                range.value = undefined;
              }}
            >
              ×
            </Link>
          </div>
        )}
        <StageEmpty bars={reel.bars} view={view} />
        <Notes lanes={reel.bars.lanes} view={view.value} startedAt={reel.startedAt} />
      </div>
      <Minimap view={view} />
    </Panel>
  );
}

/** A finished run is shown completely at first. */
function useWholeRun(view: Signal<View>): void {
  const { live } = useModel();
  const moment = live.value;
  useEffect(() => {
    const { startedAt } = moment?.reel ?? {};
    if (moment?.state.status !== 'closed' || startedAt === undefined) return;
    if (view.peek() === LAST_MINUTE) {
      view.value = { kind: 'last', length: Math.max(1000, 1.02 * (moment.at - startedAt)) };
    }
  }, [moment, view]);
}

function Legend(): JSX.Element {
  return (
    <span class="legend">
      <Key color="fulfilled">fulfilled</Key>
      <Key color="rejected">rejected</Key>
      <Key color="delayed">retried</Key>
      <Key color="cancelled">cancelled</Key>
      <Key color="running">running</Key>
    </span>
  );
}

/** The maximum number of groups in the legend; others are named on hover. */
const MOST_NAMED = 3;

function GroupLegend({ bars }: { readonly bars: Bars }): JSX.Element {
  const { groups } = bars;
  const colors = streamColors();
  return (
    <span class="legend">
      {groups.slice(0, MOST_NAMED).map((name, group) => (
        <span key={name} class="name" title={plain(name)}>
          <i class="dot" style={{ background: colors(`group-${groupColor(group)}`) }} />
          {plain(name)}
        </span>
      ))}
      {groups.length > MOST_NAMED && <span>and {count(groups.length - MOST_NAMED)} more</span>}
    </span>
  );
}

function lengthText(view: View, now: number): string {
  const { from, to } = spanOf(view, now);
  return view.kind === 'last' ? `last ${duration(to - from)}` : duration(to - from);
}

function rangeText(span: Span, bars: Bars): string {
  const { ended, rejected, cancelled, mean } = summaryOf(bars, span);
  const parts = [
    duration(span.to - span.from),
    `${plural(ended, 'task')} ended`,
    ...(rejected > 0 ? [`${count(rejected)} rejected`] : []),
    ...(cancelled > 0 ? [`${count(cancelled)} cancelled`] : []),
    ...(ended > 0 ? [`mean ${duration(mean)}`] : []),
  ];
  return parts.join(' · ');
}

interface NotesProps {
  readonly lanes: number;
  readonly view: View;
  readonly startedAt: number | undefined;
}

/** Notes about what is not shown. */
function Notes({ lanes, view, startedAt }: NotesProps): JSX.Element | null {
  const model = useModel();
  const { from } = spanOf(view, model.now());
  const share = StreamPainter.lanesInRow(lanes, 260);
  const notes = [
    ...(share > 1 ? [`${count(lanes)} slots, ${share} in a row`] : []),
    ...(startedAt !== undefined &&
    from < startedAt - 1000 &&
    model.shown.value?.isExtending === false &&
    (model.shown.value.reel.firstSeq ?? 0) > 0
      ? [`earlier bars are not loaded: zoom in there`]
      : []),
  ];
  return notes.length === 0 ? null : <div class="stage-notes">{notes.join(' · ')}</div>;
}

/** A run that has just begun fills the stage too. */
function useFirstSeconds(view: Signal<View>): void {
  const model = useModel();
  const { reel } = model.shown.value ?? {};
  const isWhole = reel?.firstSeq === 0 && reel.startedAt !== undefined;
  const age = isWhole ? model.now() - (reel.startedAt ?? 0) : Number.POSITIVE_INFINITY;
  useEffect(() => {
    view.value = fitted(view.peek(), age);
  });
}
