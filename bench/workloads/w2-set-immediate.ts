/** W2: tasks that wait for one turn of the event loop. */
import { setImmediate } from 'node:timers/promises';
import type { Scale, Section } from '../model.ts';
import { mappedSections } from './mapped.ts';

async function oneTurn(item: number): Promise<number> {
  await setImmediate();
  return item;
}

export function setImmediateSections({ quick }: Scale): Section[] {
  return mappedSections({
    id: 'W2',
    title: 'setImmediate',
    fn: oneTurn,
    tasks: quick ? 20_000 : 100_000,
  });
}
