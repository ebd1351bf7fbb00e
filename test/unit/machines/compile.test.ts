import { describe, expect, test } from 'vitest';
import {
  type AnyActorLogic,
  type AnyStateMachine,
  assign,
  createActor,
  createMachine,
  setup,
} from 'xstate';
import { compile, REFUSED } from 'xstate-taskpool/machines';

const TYPES = ['X', 'Y', 'Z'];
const nested = () =>
  createMachine({
    id: 'nested',
    initial: 'a',
    context: { n: 0 },
    states: {
      a: {
        tags: ['outer'],
        initial: 'b',
        on: { X: 'c' },
        states: { b: { tags: ['inner'], on: { Y: 'd' } }, d: {} },
      },
      c: { type: 'final' },
    },
  });

describe('compile', () => {
  test('numbers the leaves, and fills the table', () => {
    const chart = compile(nested(), TYPES);
    expect(chart.states).toEqual(['a.b', 'a.d', 'c']);
    expect(chart.initial).toBe(0);
    expect([...chart.table]).toEqual([
      ...[2, 1, REFUSED],
      ...[2, REFUSED, REFUSED],
      ...[REFUSED, REFUSED, REFUSED],
    ]);
  });

  test('knows codes by name, and names by code', () => {
    const chart = compile(nested(), TYPES);
    for (const [code, state] of chart.states.entries()) expect(chart.code(state)).toBe(code);
    expect(() => chart.code('a')).toThrow(new RangeError("expected one of a.b, a.d, c, got 'a'"));
  });

  test('gives a state the tags of the states around it', () => {
    const chart = compile(nested(), TYPES);
    expect([chart.tagged('outer'), chart.tagged('inner'), chart.tagged('none')]).toEqual([
      [0, 1],
      [0],
      [],
    ]);
  });

  test('keeps the machine, and its config where inspectors look for it', () => {
    const machine = nested();
    const chart = compile(machine, TYPES);
    expect(chart.machine).toBe(machine);
    expect(chart.logic.config).toBe(machine.config);
  });

  test('takes as many states as a byte can tell apart from none', () => {
    const machine = (count: number) =>
      createMachine({
        id: 'many',
        initial: 's0',
        states: Object.fromEntries(
          Array.from({ length: count }, (_, n) => [`s${n}`, { on: { X: `s${(n + 1) % count}` } }]),
        ),
      } as Parameters<typeof createMachine>[0]);
    expect(compile(machine(254), TYPES).table[253 * 3]).toBe(0);
    expect(() => compile(machine(255), TYPES)).toThrow(
      "expected a chart of fewer than 255 states, got 255 in 'many'",
    );
  });
});

/** What an actor shows from its start to its end. */
function shown(logic: AnyActorLogic, events: readonly string[]): unknown[] {
  const actor = createActor(logic, { input: 7 });
  const snapshots: unknown[] = [];
  actor.subscribe((snapshot) => void snapshots.push(facts(snapshot)));
  actor.start();
  snapshots.push(facts(actor.getSnapshot()));
  for (const type of events) actor.send({ type, by: 2 });
  return [...snapshots, facts(actor.getSnapshot())];
}

function facts(snapshot: unknown): unknown {
  const { value, context, status, output } = snapshot as Record<string, unknown>;
  return { value, context, status, output };
}

const increment = assign({ n: ({ context }: { context: { n: number } }) => context.n + 1 });
const charts: [what: string, machine: () => AnyStateMachine][] = [
  ['states in states', nested],
  ['a target that is around its source', () => around('a')],
  ['a target that is entered again', () => around({ target: 'a', reenter: true })],
  ['a target in the source', () => around('.d')],
  ['a target by id', () => around('#theirs')],
  ['a transition without target', () => around({ actions: increment })],
  [
    'transitions of the root',
    () =>
      createMachine({
        initial: 'a',
        context: { n: 0 },
        on: { X: '.b', Z: { actions: increment } },
        states: { a: {}, b: { on: { X: { actions: [increment, increment] } } } },
      }),
  ],
  ['an event that is forbidden inside', () => inside({})],
  ['an event that is forbidden inside by undefined', () => inside(undefined)],
  ['an event that is handled inside', () => inside({ actions: increment })],
  [
    'a final state at the start',
    () => createMachine({ initial: 'a', states: { a: { type: 'final' } }, output: () => 5 }),
  ],
  [
    'an output from context and event',
    () =>
      createMachine({
        id: 'mine',
        initial: 'a',
        context: { n: 0 },
        states: { a: { on: { X: { target: 'b', actions: increment } } }, b: { type: 'final' } },
        output: ({ context, event }) => ({ context, type: event.type }),
      }),
  ],
  [
    'a context from the input',
    () =>
      createMachine({
        context: ({ input }: { input: unknown }) => ({ got: input }),
        initial: 'a',
        states: { a: {} },
      }),
  ],
  ['no context', () => createMachine({ initial: 'a', states: { a: {} } })],
  [
    'actions by name',
    () =>
      setup({
        types: { context: {} as { n: number } },
        actions: { increment: assign({ n: ({ context }) => context.n + 1 }) },
      }).createMachine({
        context: { n: 0 },
        initial: 'a',
        states: { a: { on: { X: { actions: ['increment', 'increment'] } } } },
      }),
  ],
  [
    'values, functions and the event in one assignment',
    () =>
      createMachine({
        context: { n: 0, m: 0, by: 0 },
        initial: 'a',
        states: {
          a: {
            on: {
              X: {
                actions: [
                  assign({ n: 5, m: ({ context }) => context['n'] }),
                  assign(({ context, event }) => ({ m: context['m'] + 1, by: event['by'] })),
                ],
              },
            },
          },
        },
      }),
  ],
];

function around(transition: object | string): AnyStateMachine {
  return createMachine({
    initial: 'a',
    context: { n: 0 },
    states: {
      a: {
        initial: 'b',
        on: { X: transition },
        states: { b: { on: { Y: 'd' } }, d: { id: 'theirs', on: { Z: 'b' } } },
      },
    },
  } as Parameters<typeof createMachine>[0]) as AnyStateMachine;
}

function inside(transition: object | undefined): AnyStateMachine {
  return createMachine({
    initial: 'a',
    context: { n: 0 },
    states: {
      a: { initial: 'b', on: { X: 'c' }, states: { b: { on: { X: transition, Y: 'd' } }, d: {} } },
      c: {},
    },
  } as Parameters<typeof createMachine>[0]) as AnyStateMachine;
}

describe('the compiled logic does what the machine does, with', () => {
  test.each(charts)('%s', (_what, machine) => {
    const { logic } = compile(machine(), TYPES);
    for (const events of [
      [],
      ['X'],
      ['Y', 'X'],
      ['Y', 'Z', 'X', 'Y'],
      ['Z', 'Z'],
      ['Q', 'X', 'X'],
    ]) {
      expect(shown(logic, events)).toEqual(shown(machine(), events));
    }
  });
});
