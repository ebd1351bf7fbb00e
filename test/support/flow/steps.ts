/** The steps of programs with a pool, as data that can be generated and shrunk. */

import fc from 'fast-check';
import type { TermsOfStep } from './terms.ts';

export type Consumer = 'none' | 'results' | 'settled' | 'first' | 'ordered';

export type Step =
  | {
      readonly do: 'map';
      readonly length: number;
      readonly source: 'array' | 'generator' | 'async';
      readonly prefetch: number;
      /** After how many items a source other than an array fails. */
      readonly failsAfter: number | undefined;
      readonly numConcurrent: number | undefined;
      readonly priority: number;
      readonly onError: 'continue' | 'stop' | 'cancel';
      readonly key: string | undefined;
      readonly isEven: boolean;
      readonly terms: TermsOfStep;
      readonly keepResults: boolean;
      readonly consumer: Consumer;
    }
  | {
      readonly do: 'submit';
      readonly group: number;
      readonly priority: number | undefined;
      readonly unique: string | undefined;
      readonly onDuplicate: 'join' | 'refuse' | 'replace';
      readonly key: string | undefined;
      readonly isEven: boolean;
      readonly terms: TermsOfStep;
      readonly isStubborn: boolean;
    }
  | {
      readonly do: 'settle';
      readonly which: number;
      readonly fails: boolean;
      /** The `retryAfter` of the error, in milliseconds. */
      readonly retryAfter: number | undefined;
    }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'resize'; readonly size: number }
  | { readonly do: 'limit'; readonly concurrent: number }
  | { readonly do: 'rate'; readonly max: number; readonly per: number; readonly spread: boolean }
  | { readonly do: 'autosize'; readonly max: number }
  | { readonly do: 'pauseKey'; readonly key: string; readonly ms: number }
  | { readonly do: 'groupSize'; readonly which: number; readonly size: number }
  | { readonly do: 'groupPriority'; readonly which: number; readonly priority: number }
  | { readonly do: 'setPriority'; readonly which: number; readonly priority: number }
  | {
      readonly do: 'pause' | 'resume' | 'cancelAllQueued' | 'untilDurable' | 'flush' | 'keepBusy';
    }
  | {
      readonly do:
        | 'cancelTask'
        | 'cancelKey'
        | 'abort'
        | 'cancelGroup'
        | 'cancelQueued'
        | 'stopGroup'
        | 'pauseGroup'
        | 'resumeGroup'
        | 'take';
      readonly which: number;
    };

/** A step of a kind. */
export type StepOf<D extends Step['do']> = Extract<Step, { readonly do: D }>;

/** How the process of a pool ends after a batch, before another one continues. */
type Ending = 'none' | 'killed' | 'suspended';

/** Steps that are done concurrently, in an order that the scheduler chooses. */
export interface Batch {
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

/** Undefined three times in four. */
const seldom = (...some: readonly number[]) =>
  fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 3 },
    { arbitrary: fc.constantFrom(...some), weight: 1 },
  );

const which = fc.nat(12);
const priority = fc.integer({ min: -1, max: 2 });
const key = fc.option(fc.constantFrom('a', 'b'), { nil: undefined, freq: 2 });
/** Whether the limit with evenly spaced starts applies to it. */
const isEven = fc.constantFrom(false, false, false, true);
/** Time limits are rare: otherwise hardly any task would end by itself. */
const limitsInTime = {
  retry: fc.constantFrom(0, 0, 1, 2),
  timeout: seldom(12, 30),
  waitTimeout: seldom(15, 40),
  deadline: seldom(25, 70),
};

const map: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('map'),
  length: fc.nat(5),
  source: fc.constantFrom('array', 'array', 'generator', 'async'),
  prefetch: fc.nat(2),
  failsAfter: seldom(0, 1, 2, 3),
  numConcurrent: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  priority,
  onError: fc.constantFrom('continue', 'stop', 'cancel'),
  key,
  isEven,
  terms: fc.record({
    ...limitsInTime,
    lookahead: fc.option(fc.nat(2), { nil: undefined, freq: 2 }),
  }),
  keepResults: fc.boolean(),
  consumer: fc.constantFrom('none', 'results', 'settled', 'first', 'ordered'),
});

const submit: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('submit'),
  group: fc.nat(1),
  priority: fc.option(priority, { nil: undefined }),
  unique: fc.option(fc.constantFrom('one', 'two'), { nil: undefined, freq: 2 }),
  onDuplicate: fc.constantFrom('join', 'refuse', 'replace', 'replace'),
  key,
  isEven,
  terms: fc.record(limitsInTime),
  isStubborn: fc.boolean(),
});

const rest: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('resize'), size: fc.nat(3) }),
  fc.record({ do: fc.constant('limit'), concurrent: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    do: fc.constant('rate'),
    max: fc.integer({ min: 1, max: 3 }),
    per: fc.constantFrom(20, 50, 80),
    spread: fc.boolean(),
  }),
  fc.record({ do: fc.constant('autosize'), max: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    do: fc.constant('pauseKey'),
    key: fc.constantFrom('a', 'b'),
    ms: fc.constantFrom(0, 7, 30),
  }),
  fc.record({ do: fc.constant('groupSize'), which, size: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('groupPriority', 'setPriority'), which, priority }),
  fc.record({
    do: fc.constantFrom('pause', 'resume', 'resume', 'cancelAllQueued', 'untilDurable', 'flush'),
  }),
  fc.record({
    do: fc.constantFrom(
      'cancelTask',
      'cancelKey',
      'abort',
      'cancelGroup',
      'cancelQueued',
      'stopGroup',
      'pauseGroup',
      'resumeGroup',
      'resumeGroup',
      'take',
      'take',
    ),
    which,
  }),
) as fc.Arbitrary<Step>;

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: map, weight: 8 },
  { arbitrary: submit, weight: 20 },
  {
    arbitrary: fc.record({
      do: fc.constant('settle'),
      which,
      fails: fc.boolean(),
      retryAfter: seldom(3, 25),
    }) as fc.Arbitrary<Step>,
    weight: 28,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('pass'),
      ms: fc.constantFrom(5, 20, 60),
    }) as fc.Arbitrary<Step>,
    weight: 8,
  },
  { arbitrary: fc.constant<Step>({ do: 'keepBusy' }), weight: 1 },
  { arbitrary: rest, weight: 24 },
);

/** Programs: batches of steps, most of them small; a pool without a store lives to the end. */
export const programs: fc.Arbitrary<readonly Batch[]> = fc.array(
  fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 6, size: 'max' }),
    ending: fc.constantFrom<Ending>('none', 'none', 'none', 'none', 'none', 'killed', 'suspended'),
  }),
  { maxLength: 24, size: 'max' },
);
