import type { BasePool, TaskPool } from 'xstate-taskpool';
import type { World } from '../world.ts';
import { pickFrom, Step } from './step.ts';

const fn = () => undefined;
const wrong = <T>(value: unknown) => value as T;

/** Invalid calls, and the expected errors. */
const MISUSES: readonly (readonly [string, string, (pool: BasePool) => unknown])[] = [
  ['poolSize = -1', 'RangeError', (pool) => assignSize(pool, -1)],
  ['poolSize = 1.5', 'RangeError', (pool) => assignSize(pool, 1.5)],
  ['poolSize = NaN', 'RangeError', (pool) => assignSize(pool, Number.NaN)],
  ['poolSize = "2"', 'TypeError', (pool) => assignSize(pool, wrong('2'))],
  ['task("x")', 'TypeError', (pool) => pool.task(wrong('x'))],
  ['cancel(-1)', 'RangeError', (pool) => pool.cancel(-1)],
  ['cancelGroup of no name', 'TaskGroupNotFound', (pool) => pool.cancelGroup('nobody')],
  ['getGroupIds of no name', 'TaskGroupNotFound', (pool) => pool.getGroupIds('nobody')],
  ['untilSizeBelow(0)', 'RangeError', (pool) => pool.untilSizeBelow(0)],
  ['on(no event)', 'RangeError', (pool) => pool.on(wrong('task.nothing'), fn)],
  ['on(no handler)', 'NotAFunction', (pool) => pool.on('*', wrong(undefined))],
];

const TASK_POOL_MISUSES: readonly (readonly [string, string, (pool: TaskPool) => unknown])[] = [
  ['apply(nothing)', 'NotAFunction', (pool) => pool.apply(wrong<() => void>(undefined))],
  ['apply(fn, text)', 'TypeError', (pool) => pool.apply(fn, wrong('text'))],
  ['apply(num: -1)', 'RangeError', (pool) => pool.apply(fn, [], { num: -1 })],
  ['map(fn, number)', 'TypeError', (pool) => pool.map(fn, wrong(5))],
  ['map(none at once)', 'RangeError', (pool) => pool.map(fn, [], { numConcurrent: 0 })],
  ['map(no name)', 'TypeError', (pool) => pool.map(fn, [], { groupName: '' })],
  ['map(no signal)', 'TypeError', (pool) => pool.map(fn, [], { signal: wrong({}) })],
  ['map(no callback)', 'NotAFunction', (pool) => pool.map(fn, [], { endCallback: wrong(1) })],
];

function assignSize(pool: BasePool, size: number): void {
  pool.poolSize = size;
}

/** Makes such a call: it must throw without any effect. */
export class Misuse extends Step {
  readonly #pick: number;

  constructor(pick: number) {
    super();
    this.#pick = pick;
  }

  act(world: World): void {
    const { pool } = world;
    const calls = 'apply' in pool ? [...MISUSES, ...TASK_POOL_MISUSES] : MISUSES;
    const [what, expected, call] = pickFrom(calls, this.#pick) ?? [];
    if (what === undefined || call === undefined) return;
    world.call(what, [expected], () => call(pool as TaskPool));
  }

  toString(): string {
    return `misuse(#${this.#pick})`;
  }
}
