import { test } from 'vitest';
import { assign, createActor, createMachine, setup } from 'xstate';
import { compile } from 'xstate-taskpool/machines';

const run = (logic: any, events: any[], input?: any) => {
  const actor = createActor(logic, input === undefined ? {} : { input } as any);
  const seen: any[] = [];
  actor.subscribe((s: any) => seen.push([s.value, s.status, s.context, s.output]));
  actor.start();
  const initial = actor.getSnapshot() as any;
  for (const e of events) actor.send(e);
  const s = actor.getSnapshot() as any;
  return JSON.stringify({ initial: [initial.value, initial.status, initial.context], seen, end: [s.value, s.status, s.context, s.output, s.error] });
};
const charts: [string, () => any, any[]][] = [
  ['forbidden {}', () => createMachine({ id: 'x', initial: 'a', states: { a: { initial: 'b', on: { X: 'c' }, states: { b: { on: { X: {} } } } }, c: {} } }), [{ type: 'X' }]],
  ['forbidden undefined', () => createMachine({ id: 'x', initial: 'a', states: { a: { initial: 'b', on: { X: 'c' }, states: { b: { on: { X: undefined } } } }, c: {} } }), [{ type: 'X' }]],
  ['forbidden []', () => createMachine({ id: 'x', initial: 'a', states: { a: { initial: 'b', on: { X: 'c' }, states: { b: { on: { X: [] } } } }, c: {} } }), [{ type: 'X' }]],
  ['final output', () => createMachine({ id: 'x', initial: 'a', states: { a: { on: { X: 'c' } }, c: { type: 'final', output: { v: 1 } } }, output: ({ event }: any) => event }), [{ type: 'X', y: 2 }]],
  ['final output no root', () => createMachine({ id: 'x', initial: 'a', states: { a: { on: { X: 'c' } }, c: { type: 'final', output: { v: 1 } } } }), [{ type: 'X', y: 2 }]],
  ['atomic root', () => createMachine({ id: 'x', context: { n: 0 }, on: { X: { actions: assign({ n: 1 }) } } }), [{ type: 'X' }]],
  ['reenter self', () => createMachine({ id: 'x', initial: 'a', states: { a: { initial: 'b', on: { X: { target: 'a', reenter: true } }, states: { b: { on: { Y: 'd' } }, d: {} } } } }), [{ type: 'Y' }, { type: 'X' }]],
  ['self target', () => createMachine({ id: 'x', initial: 'a', states: { a: { initial: 'b', on: { X: 'a' }, states: { b: { on: { Y: 'd' } }, d: {} } } } }), [{ type: 'Y' }, { type: 'X' }]],
  ['root on relative', () => createMachine({ id: 'x', initial: 'a', on: { X: '.b', Z: { actions: assign({ k: 1 }) } }, states: { a: {}, b: {} } }), [{ type: 'Z' }, { type: 'X' }]],
  ['assign throws', () => createMachine({ id: 'x', context: { n: 0 }, initial: 'a', states: { a: { on: { X: { actions: assign(() => { throw new Error('boom'); }) } } } } }), []],
  ['initial final', () => createMachine({ id: 'x', initial: 'a', states: { a: { type: 'final' } }, output: () => 5 }), []],
  ['object initial', () => createMachine({ id: 'x', initial: { target: 'a' }, states: { a: {} } } as any), []],
  ['context fn', () => createMachine({ id: 'x', context: ({ input }: any) => ({ got: input }), initial: 'a', states: { a: {} } }), []],
  ['named assign', () => setup({ actions: { inc: assign({ n: ({ context }: any) => context.n + 1 }) } }).createMachine({ id: 'x', context: { n: 0 }, initial: 'a', states: { a: { on: { X: { actions: ['inc', 'inc'] } } } } }), [{ type: 'X' }]],
  ['named assign params', () => setup({ actions: { inc: assign({ n: ({ context }: any, p: any) => context.n + (p?.by ?? 100) }) } } as any).createMachine({ id: 'x', context: { n: 0 }, initial: 'a', states: { a: { on: { X: { actions: [{ type: 'inc', params: { by: 2 } }] } } } } } as any), [{ type: 'X' }]],
  ['missing named', () => createMachine({ id: 'x', initial: 'a', states: { a: { on: { X: { actions: 'nope' } } } } } as any), []],
  ['nested actions', () => createMachine({ id: 'x', context: { n: 0 }, initial: 'a', on: { X: { actions: assign({ n: 5 }) } }, states: { a: { on: { X: 'b' } }, b: {} } }), [{ type: 'X' }, { type: 'X' }]],
  ['route', () => createMachine({ id: 'x', initial: 'a', states: { a: {}, b: { id: 'bb', route: {} } } } as any), [{ type: 'xstate.route', to: '#bb' }]],
];
const TYPES = ['X', 'Y', 'Z'];
test('parity', () => {
  for (const [name, make, events] of charts) {
    let ours: string;
    const input = name === 'context fn' ? 3 : undefined;
    try { ours = run(compile(make(), TYPES).logic, events, input); } catch (e) { ours = String(e); }
    let theirs: string;
    try { theirs = run(make(), events, input); } catch (e) { theirs = String(e); }
    console.log(name, ours === theirs ? 'same' : `\n  ours   ${ours}\n  theirs ${theirs}`);
  }
});
