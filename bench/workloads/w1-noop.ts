/** W1: tasks that do nothing, so that all the time is that of the pool. */
import type { Scale, Section } from '../model.ts';
import { mappedSections } from './mapped.ts';

export async function noop(item: number): Promise<number> {
  return item;
}

export function noopSections({ quick }: Scale): Section[] {
  return mappedSections({
    id: 'W1',
    title: 'async no-ops',
    fn: noop,
    tasks: quick ? 20_000 : 100_000,
  });
}
