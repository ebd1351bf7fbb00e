/** The same as the groups, by the function that they run. */

import type { JSX } from 'preact';
import type { GroupRecord } from '../../../machines/records.ts';
import { Empty } from '../../ui/controls.tsx';
import { count } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useModel } from '../context.ts';
import { figuresOf, timesText } from './figures.ts';
import { Progress } from './progress.tsx';

export function Functions(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const functions = groupsByFunction(moment.state.groups);
  if (functions.size === 0) return <Empty title="No functions">No group is known.</Empty>;
  return (
    <Scroll label="Functions">
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
            const figures = figuresOf(groups, model.statistics.row('functions', name));
            return (
              <tr key={name}>
                <td class="name">
                  <code>{name}</code>
                </td>
                <td class="n">{count(groups.length)}</td>
                <td>
                  <Progress figures={figures} />
                </td>
                <td class="n">{count(figures.slots)}</td>
                <td class="n wide">{timesText(figures)}</td>
                <td class={`n ${figures.rejected > 0 ? 'bad' : ''}`}>{count(figures.rejected)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function groupsByFunction(groups: Iterable<GroupRecord>): Map<string, GroupRecord[]> {
  const functions = new Map<string, GroupRecord[]>();
  for (const group of groups) {
    const { functionName } = group.identity.kind;
    const known = functions.get(functionName);
    if (known === undefined) functions.set(functionName, [group]);
    else known.push(group);
  }
  return functions;
}
