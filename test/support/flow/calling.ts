/** Calls `map` and `submit`, and informs the reference about the expected effects. */

import { QueueFull } from 'xstate-taskpool';
import { withdrawIfPending } from './cancelling.ts';
import { Consuming } from './consuming.ts';
import type { GroupFact } from './facts.ts';
import { observe } from './observed.ts';
import { itemsOf } from './sources.ts';
import type { StepOf } from './steps.ts';
import type { SubFact } from './submitted.ts';
import { dueAt, optionsOf } from './terms.ts';
import type { World } from './world.ts';

export function map(world: World, step: StepOf<'map'>): void {
  if (world.isFull) {
    refused(world, () => world.pool.map(world.work, []));
    return;
  }
  const { numConcurrent, priority, onError, keepResults, consumer, source, prefetch } = step;
  const failsAfter = source === 'array' ? undefined : step.failsAfter;
  const name = `g${world.numGroups++}`;
  const length = Math.min(step.length, failsAfter ?? step.length);
  const items = Array.from({ length }, (_, n) => `${name}/${n}`);
  const facts = {
    items,
    hasLength: source === 'array',
    isFailing: failsAfter !== undefined,
    terms: step.terms,
    keepResults: keepResults && world.isDurable,
  };
  world.maps.set(name, { ...facts, consuming: undefined, isStopped: false });
  const group = world.pool.map(world.work, SOURCES[source](items, failsAfter !== undefined), {
    groupName: name,
    priority,
    onError,
    ...(world.isDurable ? { keepResults } : {}),
    ...(numConcurrent === undefined ? {} : { numConcurrent }),
    ...limitsOf(step),
    ...optionsOf(step.terms),
    ...(source === 'async' ? { prefetch } : {}),
  });
  const fact = world.referee.groups.get(name) as GroupFact;
  const map = world.maps.get(name);
  if (map !== undefined && consumer !== 'none')
    map.consuming = new Consuming(consumer, fact, group);
}

const SOURCES = {
  array: (items: readonly string[]) => items,
  generator: itemsOf,
  async *async(items: readonly string[], isFailing: boolean): AsyncGenerator<string> {
    yield* itemsOf(items, isFailing);
  },
};

function limitsOf({ key, isEven }: StepOf<'map' | 'submit'>): {
  readonly limits: { readonly host?: string; readonly even?: true };
} {
  const host = key === undefined ? {} : { host: key };
  return { limits: isEven ? { ...host, even: true } : host };
}

export function submit(world: World, step: StepOf<'submit'>): void {
  const { submitted, pool, referee } = world;
  const { unique, onDuplicate, priority, terms, isStubborn } = step;
  const since = world.clock.now();
  const name = `s${submitted.all.length}${isStubborn ? '!' : ''}`;
  const groupName = `sub${step.group}`;
  const controller = new AbortController();
  const present = unique === undefined ? [] : submitted.withKey(unique);
  const isNew = present.length === 0 || onDuplicate === 'replace';
  const options = {
    groupName,
    ...(priority === undefined ? {} : { priority }),
    ...(unique === undefined ? {} : { unique, onDuplicate }),
    ...limitsOf(step),
    ...(isNew ? { signal: controller.signal } : {}),
    ...optionsOf(terms),
  };
  if (isNew && world.isFull) {
    expectRefusal(world, pool.submit(world.work, [name], options));
    return;
  }
  if (isNew) for (const sub of present) sub.reason ??= 'DuplicateTask';
  const promise = pool.submit(world.work, [name], options);
  const observed = observe(promise);
  if (!isNew) {
    join(world, present.at(-1) as SubFact, promise, onDuplicate);
    return;
  }
  const group = referee.groups.get(groupName) as GroupFact;
  const index = group.submitted++;
  submitted.all.push({
    name,
    group,
    index,
    key: unique,
    isStubborn,
    terms,
    since,
    dueAt: dueAt(terms, since),
    priority,
    arrival: index,
    state: present.length === 0 ? 'waiting' : 'held',
    task: undefined,
    reason: undefined,
    promise,
    observed,
    controller,
  });
  for (const sub of present) withdrawIfPending(world, sub, 'DuplicateTask');
  releaseIfFree(world, unique);
}

/** A refused call must not create anything. */
function refused(world: World, call: () => unknown): void {
  try {
    call();
    world.report('a call was to be refused');
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
  }
}

function expectRefusal(world: World, promise: Promise<unknown>): void {
  const report = (text: string) => world.report(`a submission was to be refused, and is ${text}`);
  promise.then(
    () => report('fulfilled'),
    (error: unknown) => {
      if (!(error instanceof QueueFull)) report(String(error));
    },
  );
}

/** Checks what a duplicate gets: the promise of the existing submission, or a refusal. */
function join(
  world: World,
  present: SubFact,
  promise: Promise<unknown>,
  onDuplicate: 'join' | 'refuse' | 'replace',
): void {
  if (onDuplicate === 'refuse') {
    promise.then(
      () => world.report(`a duplicate of ${present.name} was not refused`),
      () => {},
    );
    return;
  }
  // The promise of a call of an earlier process was not available before.
  present.promise ??= promise;
  present.observed ??= observe(promise);
  if (present.promise !== promise) world.report(`${present.name} was joined by another promise`);
}

/** A waiting task has ended before the submission that replaces it was known. */
function releaseIfFree({ submitted }: World, key: string | undefined): void {
  if (key === undefined) return;
  const [only, ...others] = submitted.withKey(key);
  if (only?.state !== 'held' || others.length > 0) return;
  only.state = 'waiting';
  only.group.released++;
  only.arrival = only.group.submitted - 1 + only.group.released / (only.group.released + 1);
}
