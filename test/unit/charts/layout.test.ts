/** Charts of any machine: read from its definition, and laid out so that nothing overlaps. */

import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';
import { readChart, statesOf } from '../../../src/charts/chart.ts';
import type { Drawing, PlacedState } from '../../../src/charts/drawing.ts';
import { labelOf } from '../../../src/charts/labels.ts';
import { layOut } from '../../../src/charts/layout.ts';
import { svgOf } from '../../../src/charts/svg.ts';

const traffic = createMachine({
  id: 'traffic',
  type: 'parallel',
  states: {
    cars: {
      initial: 'green',
      states: {
        green: { after: { 1000: 'yellow' } },
        yellow: { after: { 500: 'red' } },
        red: { after: { 1000: 'green' }, on: { RESET: '#traffic.cars.green' } },
      },
    },
    walk: {
      initial: 'stop',
      states: {
        stop: { on: { PUSH: { target: 'go', guard: 'mayWalk' } } },
        go: { entry: 'beep', on: { END: 'stop', AGAIN: { target: 'go', reenter: true } } },
        was: { type: 'history' },
      },
    },
  },
});

const player = createMachine({
  id: 'player',
  initial: 'idle',
  states: {
    idle: { on: { PLAY: 'playing', RESUME: 'playing.was' } },
    playing: {
      initial: 'loading',
      invoke: { src: 'stream', onDone: 'ended', onError: 'failed' },
      on: { STOP: 'idle', JUMP: '.paused' },
      states: {
        loading: { on: { READY: 'active' } },
        active: {
          initial: 'normal',
          on: { PAUSE: 'paused' },
          states: {
            normal: { on: { FAST: 'fast' } },
            fast: { on: { SLOW: 'normal', CRASH: '#player.failed' } },
          },
        },
        paused: { on: { PLAY: 'active' } },
        was: { type: 'history', history: 'deep' },
      },
    },
    failed: { on: { RETRY: 'playing' } },
    ended: { type: 'final' },
  },
});

const long = createMachine({
  id: 'long',
  initial: 's0',
  states: Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [
      `s${n}`,
      { on: { NEXT: `s${(n + 1) % 60}`, SKIP: `s${(n * 7) % 60}`, BACK: `s${n >> 1}` } },
    ]),
  ),
});

const asJson = (machine: { readonly definition: unknown }): unknown =>
  JSON.parse(JSON.stringify(machine.definition));

const charts = [taskMachine, poolMachine, traffic, player, long].map((machine) =>
  readChart(asJson(machine)),
);

test('a definition and its JSON are the same chart', () => {
  for (const machine of [taskMachine, poolMachine, traffic, player]) {
    expect(readChart(asJson(machine))).toEqual(readChart(machine.definition));
  }
});

test('what is no definition is refused', () => {
  expect(() => readChart('machine')).toThrow('expected the definition of a machine, got string');
});

test('kinds of states, guards, delays, actions and actors are read', () => {
  const states = new Map(statesOf(readChart(player.definition)).map((each) => [each.id, each]));
  expect(states.get('player')).toMatchObject({ kind: 'compound', initial: 'player.idle' });
  expect(states.get('player.playing')).toMatchObject({ invoke: ['stream'] });
  expect(states.get('player.playing.was')).toMatchObject({ kind: 'history', isDeep: true });
  expect(states.get('player.ended')).toMatchObject({ kind: 'final' });
  const { root, transitions } = readChart(traffic.definition);
  expect(root).toMatchObject({ kind: 'parallel', initial: undefined });
  const labels = transitions.flatMap(({ events }) => events.map(labelOf));
  expect(labels).toEqual(
    expect.arrayContaining(['after 1 s', 'after 500 ms', 'PUSH [mayWalk]', 'RESET']),
  );
});

test('events of invoked actors are named after them', () => {
  expect(labelOf({ type: 'xstate.done.actor.0.player.playing', guard: undefined })).toBe(
    'done: player.playing',
  );
  expect(labelOf({ type: '', guard: 'isFull' })).toBe('always [isFull]');
});

describe.each(charts)('the drawing of $name', (chart) => {
  const drawing = layOut(chart);

  test('shows every state and every transition once', () => {
    const ids = drawing.states.map(({ state }) => state.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual(
      statesOf(chart)
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
    expect(new Set(drawing.arcs.map(({ transition }) => transition))).toEqual(
      new Set(chart.transitions),
    );
  });

  test('states overlap only with what is inside them, and stay within the frame', () => {
    const overlapping = drawing.states.flatMap((a, index) =>
      drawing.states
        .slice(index + 1)
        .filter((b) => doOverlap(a, b) && !isInside(a, b) && !isInside(b, a))
        .map((b) => [a.state.id, b.state.id]),
    );
    expect(overlapping).toEqual([]);
    const outside = drawing.states.filter(
      ({ x, y, width, height }) =>
        x < 0 || y < 0 || x + width > drawing.width || y + height > drawing.height,
    );
    expect(outside).toEqual([]);
  });

  test('arcs are level or upright, and end at the borders of their states', () => {
    for (const { points, transition } of drawing.arcs) {
      for (const [place, { x, y }] of points.entries()) {
        const before = points[place - 1];
        if (before === undefined) continue;
        expect(Math.min(Math.abs(before.x - x), Math.abs(before.y - y))).toBeLessThan(0.01);
      }
      const { from, to } = transition;
      if (isAround(drawing, from, to) || isAround(drawing, to, from)) continue;
      expect([from, isAtBorder(drawing, from, points[0])]).toEqual([from, true]);
      expect([to, isAtBorder(drawing, to, points.at(-1))]).toEqual([to, true]);
    }
  });
});

function isInside(outer: PlacedState, inner: PlacedState): boolean {
  return statesOf({ name: '', root: outer.state, transitions: [] }).includes(inner.state);
}

function isAround({ states }: Drawing, outer: string, inner: string): boolean {
  const [a, b] = [outer, inner].map((id) => states.find(({ state }) => state.id === id));
  return a !== undefined && b !== undefined && a !== b && isInside(a, b);
}

function doOverlap(a: PlacedState, b: PlacedState): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isAtBorder(
  { states }: Drawing,
  id: string,
  point: { readonly x: number; readonly y: number } | undefined,
): boolean {
  const box = states.find(({ state }) => state.id === id);
  if (box === undefined || point === undefined) return false;
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;
  const within = (at: number, from: number, size: number): boolean =>
    at >= from - 0.01 && at <= from + size + 0.01;
  const onSide = near(point.x, box.x) || near(point.x, box.x + box.width);
  const onEdge = near(point.y, box.y) || near(point.y, box.y + box.height);
  return (
    (onSide && within(point.y, box.y, box.height)) || (onEdge && within(point.x, box.x, box.width))
  );
}

test('an event name that is no XML is text in the file', () => {
  const machine = createMachine({
    id: '<b>',
    initial: 'a',
    states: { a: { on: { '<&"\u0000\ud800': 'b' } }, b: { type: 'final' } },
  });
  const svg = svgOf(layOut(readChart(machine.definition)), { title: '<b>', scheme: 'dark' });
  expect(svg).toContain('<title>&lt;b&gt;</title>');
  expect(svg).toContain('>&lt;&amp;&quot;</text>');
  expect(svg).not.toContain('prefers-color-scheme');
});
