/** The real inspector of Stately, over a real WebSocket. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createWebSocketInspector,
  createWebSocketReceiver,
  type StatelyActorEvent,
  type StatelyInspectionEvent,
} from '@statelyai/inspect';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate';
import type { Outcome, PoolEvent } from 'xstate-taskpool';
import { inspectSample } from 'xstate-taskpool/inspect';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

/** What the one who looks gets, and a way in for the inspector that is shut until it is opened. */
class Relay {
  readonly received: StatelyInspectionEvent[] = [];
  readonly #server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #gate = new Gate();
  readonly #poolClosed = new Gate();

  async start(): Promise<void> {
    this.#server.on('upgrade', async (request, socket, head) => {
      if (request.url === '/inspector') await this.#gate.promise;
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.#sockets.emit('connection', client);
        client.on('message', (data) => {
          for (const other of this.#sockets.clients) if (other !== client) other.send(String(data));
        });
      });
    });
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const connected = once(this.#sockets, 'connection');
    createWebSocketReceiver({ server: `${this.#url}/receiver` }).subscribe((event) => {
      this.received.push(event);
      const isLast = event.type === '@xstate.snapshot' && event.event.type === 'pool.closed';
      if (isLast) this.#poolClosed.resolve();
    });
    await connected;
  }

  get #url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  inspector() {
    return createWebSocketInspector({ url: `${this.#url}/inspector` });
  }

  open(): void {
    this.#gate.resolve();
  }

  /** Resolves when the last event of a pool has arrived. */
  untilClosed(): Promise<void> {
    return this.#poolClosed.promise;
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

let relay: Relay;
beforeEach(async () => {
  relay = new Relay();
  await relay.start();
});
afterEach(() => relay.stop());

const actorsIn = (events: readonly StatelyInspectionEvent[]) =>
  events.filter((event): event is StatelyActorEvent => event.type === '@xstate.actor');

/** The recorded events that were sent to actors, in the order in which they arrived. */
const recordedIn = (events: readonly StatelyInspectionEvent[]) =>
  events
    .filter((event) => event.type === '@xstate.event')
    .map(({ event }) => event as unknown as PoolEvent)
    .filter(({ seq }) => seq !== undefined);

/** The journal without what has no actor to go to: the event that makes one is its beginning. */
const forActors = (journal: readonly PoolEvent[]) =>
  journal.filter(({ type }) => type !== 'task.queued');

/** Each state with its transitions: what a picture of the chart shows. */
function chartOf({ root }: AnyStateMachine): unknown {
  const nodes = (node: AnyStateNode): AnyStateNode[] => [
    node,
    ...Object.values(node.states).flatMap(nodes),
  ];
  return Object.fromEntries(
    nodes(root).map((node) => [
      node.id,
      {
        type: node.type,
        tags: node.tags,
        initial: node.initial?.target?.map(({ id }) => id),
        on: Object.fromEntries(
          [...node.transitions].map(([type, transitions]) => [
            type,
            transitions.map(({ target }) => target?.map(({ id }) => id)),
          ]),
        ),
      },
    ]),
  );
}

const parse = (actor: StatelyActorEvent | undefined) =>
  createMachine(JSON.parse(actor?.definition ?? ''));

/** The name of the actor that a recorded event goes to. */
const nameOf = (event: PoolEvent | undefined) =>
  event?.type.startsWith('task.') && 'id' in event ? `task-${event.id}` : 'TaskPool-small';

describe('a small pool', () => {
  let journal: PoolEvent[];
  let actors: StatelyActorEvent[];

  beforeEach(async () => {
    journal = [];
    relay.open();
    const inspector = relay.inspector();
    const pool = taskPool({ inspect: inspector.inspect, name: 'small', poolSize: 2 });
    pool.on('*', (event) => journal.push(event));
    pool.map(async (n: number, { report }) => report(n), [1, 2]);
    const waiting = pool.apply(untilAborted, [], { num: 2 });
    await turn();
    pool.poolSize = 3;
    waiting.cancel('enough');
    await pool.gatherAndClose();
    await relay.untilClosed();
    inspector.stop();
    actors = actorsIn(relay.received);
  });

  test('has charts that createMachine parses, with every state and transition', () => {
    const [pool, ...tasks] = actors;
    expect(chartOf(parse(pool))).toEqual(chartOf(poolMachine));
    expect(tasks).toHaveLength(4);
    for (const task of tasks) expect(chartOf(parse(task))).toEqual(chartOf(taskMachine));
  });

  test('is the parent of its tasks', () => {
    const [pool, ...tasks] = actors;
    expect(pool).toMatchObject({ name: 'TaskPool-small', rootId: pool?.sessionId });
    expect(pool?.parentId).toBeUndefined();
    expect(tasks.map(({ name }) => name)).toEqual(['task-0', 'task-1', 'task-2', 'task-3']);
    for (const { parentId, rootId } of tasks) {
      expect({ parentId, rootId }).toEqual({ parentId: pool?.sessionId, rootId: pool?.sessionId });
    }
  });

  test('sends every event of the journal to its actor, in order', () => {
    expect(recordedIn(relay.received)).toEqual(forActors(journal));
    expect(new Set(journal.map(({ type }) => type))).toContain('task.cancelling');
    const sessions = new Map(actors.map(({ name, sessionId }) => [name, sessionId]));
    const targets = relay.received.filter(
      (event) => event.type === '@xstate.event' && 'seq' in event.event,
    );
    expect(targets.map(({ sessionId }) => sessionId)).toEqual(
      forActors(journal).map((event) => sessions.get(nameOf(event))),
    );
  });

  test('shows each state that an actor went through', () => {
    const statesOf = (name: string) => {
      const session = actors.find((actor) => actor.name === name)?.sessionId;
      return relay.received
        .filter((event) => event.type === '@xstate.snapshot')
        .filter(({ sessionId }) => sessionId === session)
        .map(({ snapshot }) => (snapshot as unknown as { value: unknown }).value)
        .filter(
          (value, index, values) => JSON.stringify(value) !== JSON.stringify(values[index - 1]),
        );
    };
    const endedAs = (outcome: Outcome) =>
      journal.find((event) => event.type === 'task.ended' && event.outcome === outcome);
    expect(statesOf('TaskPool-small')).toEqual(['open', 'closing', 'closed']);
    expect(statesOf(nameOf(endedAs('fulfilled')))).toEqual([
      'queued',
      { running: 'active' },
      'ended',
    ]);
    expect(statesOf(nameOf(endedAs('cancelled')))).toEqual([
      'queued',
      { running: 'active' },
      { running: 'cancelling' },
      'cancelled',
      'ended',
    ]);
  });
});

describe('a large pool that has ended before the socket opens', () => {
  const items = Array.from({ length: 2000 }, (_, n) => n);

  test('loses all but the last 200 events without a sample', async () => {
    const inspector = relay.inspector();
    const pool = taskPool({ inspect: inspector.inspect });
    pool.map(async (n: number) => n, items, { numConcurrent: 10 });
    await pool.gatherAndClose();
    // The inspector takes a timer for each event.
    await new Promise((resolve) => setTimeout(resolve));
    relay.open();
    await relay.untilClosed();
    inspector.stop();
    expect(relay.received).toHaveLength(200);
  });

  test('shows its sample whole', async () => {
    const inspector = relay.inspector();
    const sample = inspectSample(inspector, { every: 100 });
    const pool = taskPool({ inspect: sample, name: 'large' });
    const journal: PoolEvent[] = [];
    pool.on('*', (event) => journal.push(event));
    pool.map(async (n: number, { report }) => report(n), items, { numConcurrent: 10 });
    await pool.gatherAndClose();
    expect(relay.received).toEqual([]);
    relay.open();
    await sample.untilShown();
    inspector.stop();
    await relay.untilClosed();

    const [root, ...tasks] = actorsIn(relay.received);
    const ids = items.filter((n) => n % 100 === 0);
    expect(root?.name).toBe('TaskPool-large');
    expect(tasks.map(({ name }) => name)).toEqual(ids.map((id) => `task-${id}`));
    for (const task of tasks) {
      expect(task.parentId).toBe(root?.sessionId);
      expect(chartOf(parse(task))).toEqual(chartOf(taskMachine));
    }
    const isShown = (event: PoolEvent) =>
      !event.type.startsWith('task.') || ('id' in event && ids.includes(event.id));
    expect(recordedIn(relay.received)).toEqual(forActors(journal).filter(isShown));
    expect(relay.received.length).toBeGreaterThan(200);
    expect(sample).toMatchObject({ numTasks: 20, numHeld: 0, numDropped: 0 });
  });
});
