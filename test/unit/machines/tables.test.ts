/** The tables and lists that the state of a pool is kept in. */

import { describe, expect, test } from 'vitest';
import { Fifo } from '../../../src/kit/fifo.ts';
import { IdTable } from '../../../src/machines/id-table.ts';

describe('IdTable', () => {
  test('has what was added, in the order of ids, until it is removed', () => {
    const table = new IdTable<string>();
    const ids = Array.from({ length: 1000 }, (_, n) => n * 3);
    for (const id of ids) table.add(id, `v${id}`);
    expect(table.size).toBe(1000);
    expect([...table]).toEqual(ids.map((id) => `v${id}`));
    for (const id of ids) expect(table.get(id)).toBe(`v${id}`);
    for (const id of [1, 2, 3000, 10_000]) expect(table.get(id)).toBe(undefined);

    for (const id of ids.filter((each) => each % 2 === 0)) table.remove(id);
    const left = ids.filter((each) => each % 2 === 1);
    expect(table.size).toBe(500);
    expect([...table]).toEqual(left.map((id) => `v${id}`));
    expect(table.get(0)).toBe(undefined);
    expect(table.get(3)).toBe('v3');
  });

  test('is empty again when all were removed, and takes more', () => {
    const table = new IdTable<number>();
    for (let round = 0; round < 5; round++) {
      const ids = Array.from({ length: 300 }, (_, n) => round * 300 + n);
      for (const id of ids) table.add(id, id);
      for (const id of ids.toReversed()) table.remove(id);
      expect(table.size).toBe(0);
      expect([...table]).toEqual([]);
      for (const id of ids) expect(table.get(id)).toBe(undefined);
    }
    table.add(5000, 5);
    expect(table.get(5000)).toBe(5);
    expect([...table]).toEqual([5]);
  });

  test('may lose its newest value and get another beside it', () => {
    const table = new IdTable<string>();
    table.add(0, 'a');
    table.remove(0);
    table.add(1, 'b');
    expect(table.get(0)).toBe(undefined);
    expect([...table]).toEqual(['b']);
    table.remove(1);
    table.add(256, 'c');
    table.add(257, 'd');
    expect([...table]).toEqual(['c', 'd']);
    expect(table.size).toBe(2);
  });

  test('keeps a first value though thousands come and go after it', () => {
    const table = new IdTable<string>();
    table.add(0, 'first');
    for (let id = 1; id < 5000; id++) {
      table.add(id, 'other');
      table.remove(id);
    }
    expect(table.get(0)).toBe('first');
    expect([...table]).toEqual(['first']);
  });

  test('goes backwards from the page of an id, and both ways past pages that are gone', () => {
    const table = new IdTable<number>();
    for (let id = 0; id < 2000; id++) table.add(id, id);
    for (let id = 0; id < 2000; id++) if (id % 500 !== 499) table.remove(id);
    expect([...table]).toEqual([499, 999, 1499, 1999]);
    expect([...table.backwards()]).toEqual([1999, 1499, 999, 499]);
    expect([...table.backwards(999)]).toEqual([999, 499]);
    expect([...table.backwards(512)]).toEqual([499]);
    for (const id of [499, 999, 1499, 1999]) expect(table.get(id)).toBe(id);
    for (const id of [0, 300, 700, 1998]) expect(table.get(id)).toBe(undefined);
  });

  test('may lose values, and whole pages, while it is read', () => {
    const table = new IdTable<number>();
    for (let id = 0; id < 1000; id++) table.add(id, id);
    const seen: number[] = [];
    for (const id of table) {
      seen.push(id);
      table.remove(id);
      table.remove(id + 1);
    }
    expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => 2 * n));
    expect(table.size).toBe(0);
  });
});

describe('Fifo', () => {
  test('gives back in order what was put in, however often', () => {
    const fifo = new Fifo<number>();
    const out: (number | undefined)[] = [];
    for (let n = 0; n < 5000; n++) {
      fifo.push(n);
      if (n % 3 !== 0) out.push(fifo.shift());
    }
    for (let value = fifo.shift(); value !== undefined; value = fifo.shift()) out.push(value);
    expect(out).toEqual(Array.from({ length: 5000 }, (_, n) => n));
    expect(fifo.shift()).toBe(undefined);
    fifo.push(7);
    expect(fifo.shift()).toBe(7);
  });
});
