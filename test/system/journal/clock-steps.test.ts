/** Clocks that are set back or forward: what times say is no proof of anything. */

import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { locked, sampleState } from '../../support/sample-events.ts';
import { kinds, newPath } from '../../support/stores.ts';

const HOUR = 3_600_000;
const TOKEN = '00000000-0000-4000-8000-000000000000';

/** Events of which each later ten are an hour older, or newer, than the ones before. */
function stepping(step: number): PoolEvent[] {
  return locked(0, 40).map((event) => ({
    ...event,
    at: 10 * HOUR + event.seq + step * Math.floor(event.seq / 10),
  }));
}

describe.each(kinds)('$name', (kind) => {
  test.each([HOUR, -HOUR])(
    'keeps events after a step of %i ms as long as they are',
    async (step) => {
      const store = await kind.open(await newPath(), { segmentBytes: 500 });
      const events = stepping(step);
      for (let n = 0; n < 40; n += 5) await store.append(events.slice(n, n + 5));
      const keepSince = events[25]!.at;
      await store.checkpoint({ seq: 35, state: sampleState(35), prune: { keepSince } });
      const first = events.find(({ at }) => at >= keepSince)!.seq;
      expect((await all(store.read({ fromSeq: first }))).map(({ seq }) => seq)).toEqual(
        events.slice(first).map(({ seq }) => seq),
      );
    },
  );

  test.each([HOUR, -HOUR])('is opened where a lock was being taken, %i ms off', async (off) => {
    const path = await newPath();
    const lock = kind.type === 'sqlite' ? `${path}.lock` : join(path, 'lock');
    if (kind.type === 'jsonl') mkdirSync(path);
    const when = new Date(Date.now() + off);
    // A power loss has left them empty.
    for (const file of [lock, `${lock}.taking`, `${lock}.${TOKEN}`]) {
      writeFileSync(file, '');
      utimesSync(file, when, when);
    }
    const store = await kind.open(path);
    await store.append(locked(0, 3));
    await store.close();
    const folder = join(lock, '..');
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([]);
  });
});
