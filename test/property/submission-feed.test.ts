/** The line of waiting submissions, against a list that is searched each time. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DONE, PENDING } from '../../src/pool/feeds/feed.ts';
import {
  type Line,
  SubmissionFeed,
  type Waiting,
} from '../../src/pool/submissions/submission-feed.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

interface Added {
  readonly priority: number | undefined;
  readonly isHeld: boolean;
  readonly isStored: boolean;
  /** Whether it is cancelled as soon as it is stored, as a subscriber may do. */
  readonly isDoomed: boolean;
}

class Entry implements Waiting {
  readonly index: number;
  readonly isDoomed: boolean;
  priority: number | undefined;
  isHeld: boolean;
  isStored: boolean;
  isWaiting = true;
  releasedAt: number | undefined = undefined;
  reason: unknown = undefined;

  constructor(index: number, { priority, isHeld, isStored, isDoomed }: Added) {
    this.index = index;
    this.priority = priority;
    this.isHeld = isHeld;
    this.isStored = isStored;
    this.isDoomed = isDoomed;
  }

  get arrival(): number {
    return this.releasedAt ?? this.index;
  }

  cancel(reason: unknown): void {
    this.isWaiting = false;
    this.reason = reason;
  }
}

/** Both the owner of a feed and its line, and the list that it is compared with. */
class World implements Line {
  numWaiting = 0;
  priority = 0;
  submitted = 0;
  numRecorded = 0;
  readonly hasAging: boolean;
  readonly all: Entry[] = [];
  readonly withdrawals: Entry[] = [];
  readonly feed: SubmissionFeed<Entry>;

  constructor(hasAging: boolean) {
    this.hasAging = hasAging;
    this.feed = new SubmissionFeed<Entry>(this, this);
  }

  scoreOf({ priority = this.priority, index }: Entry): number {
    return this.hasAging ? 3 * priority - index : priority;
  }

  withdrawn(entry: Entry): void {
    this.withdrawals.push(entry);
  }

  record(): void {
    this.numRecorded++;
  }

  store(entry: Entry): boolean {
    if (entry.isStored) return false;
    entry.isStored = true;
    if (entry.isDoomed) this.feed.withdraw(entry, (each) => each.cancel('doomed'));
    return true;
  }

  get waiting(): Entry[] {
    return this.all.filter(({ isWaiting }) => isWaiting);
  }

  get held(): Entry[] {
    return this.waiting.filter(({ isHeld }) => isHeld);
  }

  /** Those that may start, the next one first. */
  get ready(): Entry[] {
    return this.waiting
      .filter(({ isHeld }) => !isHeld)
      .sort((a, b) => this.scoreOf(b) - this.scoreOf(a) || a.arrival - b.arrival);
  }

  add(added: Added): void {
    const entry = new Entry(this.submitted++, added);
    this.all.push(entry);
    if (entry.isHeld) this.feed.hold(entry);
    else this.feed.push(entry);
  }

  next(): void {
    const expected = this.ready.find(({ isStored, isDoomed }) => isStored || !isDoomed);
    const next = this.feed.next();
    expect(next).toBe(expected ?? PENDING);
    if (expected === undefined) return;
    expect(expected.isStored).toBe(true);
    expected.isWaiting = false;
  }

  /** Those without a priority are dropped first, and held ones last. */
  drop(count: number): void {
    const isPlain = ({ priority }: Entry) => priority === undefined && !this.hasAging;
    const { ready } = this;
    const order = [
      ...ready.filter(isPlain),
      ...ready.filter((each) => !isPlain(each)),
      ...this.held,
    ];
    this.feed.drop(count, 'dropped');
    expect(order.filter(({ reason }) => reason === 'dropped')).toEqual(order.slice(0, count));
  }

  compare(): void {
    const { feed, ready, waiting } = this;
    expect([...feed].sort((a, b) => a.index - b.index)).toEqual(waiting);
    expect([feed.numWaiting, this.numWaiting]).toEqual([waiting.length, waiting.length]);
    expect([feed.isEmpty, feed.hasMore]).toEqual([ready.length === 0, ready.length > 0]);
    expect(feed.best).toBe(ready[0] && this.scoreOf(ready[0]));
    expect(feed.isSpent).toBe(false);
    const gone = this.all.filter(({ reason }) => reason !== undefined);
    expect([...this.withdrawals].sort((a, b) => a.index - b.index)).toEqual(gone);
  }
}

/** Few that are equal, and some of all sizes. */
const priority = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 2 }) },
  fc.constantFrom(-1e300, -3.000_001, -3, -1e-300, 1e-300, 3, 3.000_001, 1e300),
);
const which = fc.nat(30);
const step: fc.Arbitrary<(world: World) => void> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        priority: fc.option(priority, { nil: undefined }),
        isHeld: fc.boolean(),
        isStored: fc.boolean(),
        isDoomed: fc.boolean(),
      })
      .map((added) => (world: World) => world.add(added)),
  },
  { weight: 2, arbitrary: fc.constant((world: World) => world.next()) },
  {
    weight: 2,
    arbitrary: which.map((place) => (world: World) => {
      const { held } = world;
      const entry = held[place % held.length];
      if (entry === undefined) return;
      world.feed.release(entry);
      world.feed.release(entry);
      // After the latest call, and before the next one.
      expect(entry.arrival).toBeGreaterThan(world.submitted - 1);
      expect(entry.arrival).toBeLessThan(world.submitted);
    }),
  },
  which.map((place) => ({ all, feed }: World) => {
    const entry = all[place % all.length];
    if (entry !== undefined) feed.withdraw(entry, (each) => each.cancel('withdrawn'));
  }),
  fc.tuple(which, priority).map(([place, given]) => ({ all, feed }: World) => {
    const entry = all[place % all.length];
    if (entry === undefined) return;
    const before = entry.priority;
    feed.prioritise(entry, () => {
      entry.priority = given;
    });
    expect(entry.priority).toBe(entry.isWaiting ? given : before);
  }),
  priority.map((given) => (world: World) => {
    world.priority = given;
    world.feed.reorder();
  }),
  fc.integer({ min: 1, max: 3 }).map((count) => (world: World) => world.drop(count)),
);

property([fc.array(step, { maxLength: 40, size: 'max' }), fc.boolean()], runs(500))(
  'whatever is added, released, withdrawn and prioritised, the next is the first by priority and call',
  (steps, hasAging) => {
    const world = new World(hasAging);
    for (const take of steps) {
      take(world);
      world.compare();
    }
    const { feed, waiting } = world;
    const cancelled: number[] = [];
    for (const entry of waiting) {
      entry.cancel = (reason) => {
        Object.assign(entry, { isWaiting: false, reason });
        cancelled.push(entry.index);
      };
    }
    feed.finish();
    expect([feed.isSpent, feed.hasMore]).toEqual([waiting.length === 0, false]);
    feed.close('closed');
    // In the order of the calls.
    expect(cancelled).toEqual(waiting.map(({ index }) => index));
    expect([feed.closedWith, world.numRecorded]).toEqual(['closed', 1]);
    expect([feed.isSpent, feed.next()]).toEqual([true, DONE]);
    expect(world.numWaiting).toBe(0);
  },
);

test('of very many that have left, the others keep their order', () => {
  for (const ranked of [undefined, 1]) {
    const world = new World(false);
    const added = { priority: ranked, isHeld: false, isStored: true, isDoomed: false };
    for (let n = 0; n < 1_300; n++) world.add(added);
    for (const entry of world.all) {
      if (entry.index % 10 !== 3) world.feed.withdraw(entry, (each) => each.cancel('withdrawn'));
    }
    world.compare();
    while (world.ready.length > 0) world.next();
    world.next();
  }
});
