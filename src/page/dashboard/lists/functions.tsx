/** The same as the groups, by the function that they run. */

import type { JSX } from 'preact';
import type { GroupRecord } from '../../../machines/records.ts';
import { Empty } from '../../ui/controls.tsx';
import { count } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import { figuresOf, timesText } from './figures.ts';
import { Progress } from './progress.tsx';

export function Functions(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const functions = Map.groupBy(moment.state.groups, (group) => group.identity.kind.functionName);
  if (functions.size === 0) return <Empty title="No functions">No group is known.</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <div class="scroll" tabIndex={0} role="region" aria-label="Functions">
      <table>
        <thead>
          <tr>
            <th>function</th>
            <th class="n">groups</th>
            <th>progress</th>
            <th class="n">running</th>
            <th class="n wide">p50 · p95</th>
            <th class="n">failed</th>
          </tr>
        </thead>
        <tbody>
          {[...functions].map(([name, groups]) => {
            const figures = figuresOf(model, 'functions', name);
            return (
              <tr key={name}>
                <td class="name">
                  <code>{name}</code>
                </td>
                <td class="n">{count(groups.length)}</td>
                <td>
                  <Progress group={sumOf(groups)} figures={figures} />
                </td>
                <td class="n">{count(sumOf(groups).slots)}</td>
                <td class="n wide">{timesText(figures)}</td>
                <td class={`n ${figures.rejected > 0 ? 'bad' : ''}`}>{count(figures.rejected)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function sumOf(groups: readonly GroupRecord[]): Pick<GroupRecord, 'slots' | 'ended' | 'delayed'> {
  const sum = { slots: 0, ended: 0, delayed: 0 };
  for (const { slots, ended, delayed } of groups) {
    sum.slots += slots;
    sum.ended += ended;
    sum.delayed += delayed;
  }
  return sum;
}
