/** Tables count the columns that a terminal shows, not the characters of a text. */

import { expect, test } from 'vitest';
import { Talk } from '../../support/control/talk.ts';
import { taskPool } from '../../support/pools.ts';

test('columns are aligned beside wide characters, emoji and accents', async () => {
  const pool = taskPool();
  const names = ['plain', '日本語', '🎉 party', 'e\u0301tude'];
  for (const groupName of names) await pool.map((n: number) => n, [1], { groupName }).settled();
  const answer = await new Talk(pool, { format: 'text' }).ask('groups');
  const [head = '', ...rows] = answer.trimEnd().split('\n');
  const second = head.search(/(?<= {2})\S/);
  // Wide characters take two columns each, and an accent that stands on a letter none.
  const taken = [5, 6, 8, 5];
  for (const [n, name] of names.entries()) {
    const row = rows.find((line) => line.startsWith(name)) ?? '';
    const gap = ' '.repeat(second - (taken[n] ?? 0));
    expect(row.slice(name.length, name.length + gap.length + 1)).toMatch(new RegExp(`^${gap}\\S$`));
  }
});
