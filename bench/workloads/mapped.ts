/** The two sections of W1, W2 and W3: the same function over the same items, results dropped and results awaited. */
import { type MeasureOptions, perTask } from '../measure.ts';
import { count, ours, peer, type Section, type TaskFunction } from '../model.ts';
import { mapAwaited, mapDropped } from '../ours.ts';
import { peers } from '../peers.ts';

export interface MappedWork {
  readonly id: string;
  readonly title: string;
  readonly fn: TaskFunction;
  readonly tasks: number;
  readonly options?: MeasureOptions;
}

export function mappedSections({ id, title, fn, tasks, options }: MappedWork): Section[] {
  const timed = (run: (items: number[]) => Promise<unknown>): (() => Promise<number>) =>
    perTask(tasks, run, options);
  return [
    {
      id: `${id}-dropped`,
      title: `${count(tasks)} ${title}, results dropped`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          "retain: 'none'",
          timed((items) => mapDropped(fn, items)),
        ),
        ...peers.map(({ name, dropped }) =>
          peer(
            name,
            timed((items) => dropped(fn, items)),
          ),
        ),
      ],
    },
    {
      id: `${id}-awaited`,
      title: `${count(tasks)} ${title}, results awaited`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          "retain: 'none'",
          timed((items) => mapAwaited(fn, items, { retain: 'none' })),
        ),
        ours(
          "retain: 'all'",
          timed((items) => mapAwaited(fn, items, { retain: 'all' })),
        ),
        ...peers.map(({ name, awaited }) =>
          peer(
            name,
            timed((items) => awaited(fn, items)),
          ),
        ),
      ],
    },
  ];
}
