/** W4: every task is a separate call with its own promise. */
import { perTask } from '../measure.ts';
import { count, ours, peer, type Scale, type Section } from '../model.ts';
import { apply, submit, submitClosures } from '../ours.ts';
import { peers } from '../peers.ts';
import { noop } from './w1-noop.ts';

export function submitSections({ quick }: Scale): Section[] {
  const tasks = quick ? 20_000 : 100_000;
  const submitting = peers.flatMap(({ name, submit: run }) =>
    run === undefined
      ? []
      : [
          peer(
            name,
            perTask(tasks, (items) => run(noop, items)),
          ),
        ],
  );
  return [
    {
      id: 'W4-submit',
      title: `${count(tasks)} submissions of one async no-op, results awaited`,
      unit: 'µs per task',
      compared: true,
      contenders: [
        ours(
          'submit',
          perTask(tasks, (items) => submit(noop, items)),
        ),
        ours(
          'submit, a closure per call',
          perTask(tasks, (items) => submitClosures(noop, items)),
        ),
        ours(
          'submit, asyncContext: false',
          perTask(tasks, (items) => submit(noop, items, { asyncContext: false })),
        ),
        ours(
          'apply',
          perTask(tasks, (items) => apply(noop, items)),
        ),
        ...submitting,
      ],
    },
  ];
}
