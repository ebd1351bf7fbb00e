import { expect, test } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  enqueueActions,
  fromPromise,
  log,
  raise,
  setup,
} from 'xstate';
import { ChartNotCompilable } from 'xstate-taskpool';
import { compile } from 'xstate-taskpool/machines';

/** A machine whose first state is written like this. */
const withState = (a: object, rest: object = {}): AnyStateMachine =>
  createMachine({
    id: 'bad',
    initial: 'a',
    states: { a, b: {} },
    ...rest,
  } as object) as AnyStateMachine;
const on = (transition: unknown, type = 'X') => withState({ on: { [type]: transition } });

const refused: [got: string, machine: () => AnyStateMachine, where: string][] = [
  ['a parallel state', () => withState({ type: 'parallel', states: { c: {} } }), 'bad.a'],
  [
    'a parallel state',
    () => createMachine({ id: 'bad', type: 'parallel', states: { a: {} } }),
    'bad',
  ],
  [
    'a history state',
    () => withState({ initial: 'c', states: { c: {}, h: { type: 'history' } } }),
    'bad.a.h',
  ],
  ['an eventless transition', () => withState({ always: 'b' }), 'bad.a'],
  ['an eventless transition', () => withState({}, { always: '.b' }), 'bad'],
  ['an invocation', () => withState({ invoke: { src: fromPromise(async () => 1) } }), 'bad.a'],
  ['a delayed transition', () => withState({ after: { 10: 'b' } }), 'bad.a'],
  ['an entry action', () => withState({ entry: assign({}) }), 'bad.a'],
  ['an exit action', () => withState({ exit: assign({}) }), 'bad.a'],
  [
    'an initial action',
    () => withState({ initial: { target: 'c', actions: log('x') }, states: { c: {} } }),
    'bad.a',
  ],
  [
    'a final state inside a state',
    () => withState({ initial: 'c', states: { c: { type: 'final' } } }),
    'bad.a.c',
  ],
  ['an output of its own', () => withState({ type: 'final', output: 5 }), 'bad.a'],
  ['a static output', () => withState({ type: 'final' }, { output: 5 }), 'bad'],
  ['no states', () => createMachine({ id: 'bad' }), 'bad'],
  ["an empty transition on 'X'", () => on([]), 'bad.a'],
  ["a wildcard transition on '*'", () => on('b', '*'), 'bad.a'],
  ["a wildcard transition on 'task.*'", () => on('b', 'task.*'), 'bad.a'],
  ["several targets on 'X'", () => on({ target: ['a', 'b'] }), 'bad.a'],
  ["a guard on 'X'", () => on({ target: 'b', guard: () => true }), 'bad.a'],
  ["a guard on 'X'", () => on([{ target: 'b', guard: () => true }, 'a']), 'bad.a'],
  ['an action other than assign', () => on({ actions: () => {} }), 'bad.a'],
  ['an action other than assign', () => on({ actions: raise({ type: 'Y' }) }), 'bad.a'],
  ['an action other than assign', () => on({ actions: [assign({}), log('x')] }), 'bad.a'],
  ['an action other than assign', () => on({ actions: enqueueActions(() => {}) }), 'bad.a'],
  ['an action other than assign', () => on({ actions: 'missing' }), 'bad.a'],
  [
    'an action other than assign',
    () => on({ actions: { type: 'with', params: { n: 1 } } }),
    'bad.a',
  ],
  [
    'an action other than assign',
    () =>
      setup({ actions: { loud: () => {} } }).createMachine({
        id: 'bad',
        initial: 'a',
        states: { a: { on: { X: { actions: 'loud' } } } },
      }),
    'bad.a',
  ],
  [
    "a transition on xstate's own event 'xstate.done.state.bad'",
    () => on('b', 'xstate.done.state.bad'),
    'bad.a',
  ],
];

test.each(refused)('%s', (got, machine, where) => {
  const compiling = () => compile(machine(), ['X', 'Y']);
  expect(compiling).toThrow(ChartNotCompilable);
  expect(compiling).toThrow(
    `expected only states and transitions that a table can express, got ${got} in '${where}'`,
  );
});

test('an event that is not in the list', () => {
  expect(() => compile(on('b'), ['Y', 'Z'])).toThrow(
    new ChartNotCompilable("expected the events of 'bad' to be among Y, Z, got 'X'"),
  );
});

test('what is forbidden is no feature to refuse', () => {
  expect(() => compile(on(undefined), ['X'])).not.toThrow();
  expect(() => compile(withState({ always: [] }), ['X'])).not.toThrow();
});
