/** What is apart: sizes that adapt themselves, simulations, monitoring, and what helps tests. */

import type { Meter, Tracer } from '@opentelemetry/api';
import {
  type Clock,
  type EventStore,
  MemoryStore,
  type PoolEvent,
  TaskPool,
} from 'xstate-taskpool';
import {
  type Autosizer,
  aimd,
  autosize,
  type Decide,
  gradient,
  type SizePolicy,
  smallest,
} from 'xstate-taskpool/autosize';
import { system } from 'xstate-taskpool/autosize/system';
import type { AttemptMessage, publishDiagnostics } from 'xstate-taskpool/node';
import { instrument } from 'xstate-taskpool/otel';
import { type RunFigures, simulate } from 'xstate-taskpool/simulate';
import { Gate, Gates, given, SimulatedClock } from 'xstate-taskpool/testing';
import {
  type ContractCase,
  eventStoreContract,
  type eventsInARow,
  remoteFunctionContract,
  type StoreKind,
  sampleEvent,
} from 'xstate-taskpool/testing/contracts';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool();

const autosizer = autosize(pool, { max: 10, policy: smallest(aimd(), gradient(), system()) });
check<Equal<typeof autosizer, Autosizer>>();
autosizer.stop();
const decide: Decide = ({ size }) => ({ size: size + 1, reason: 'one more', next: decide });
autosize(pool, { min: 1, max: 10, policy: { decide } });
check<Equal<ReturnType<typeof aimd>, SizePolicy>>();
// @ts-expect-error a largest size has to be given
autosize(pool, { policy: aimd() });
// @ts-expect-error no policy
autosize(pool, { max: 10, policy: decide });
// @ts-expect-error an option there is not
aimd({ latency: 5 });

declare const events: PoolEvent[];
const simulation = await simulate(events, { poolSize: 5, arrivals: 'atOnce' });
check<Equal<typeof simulation.simulated, RunFigures>>();
check<Equal<typeof simulation.recorded, RunFigures>>();
void simulate(new MemoryStore(), { limits: { host: { concurrent: 1 } } });
// @ts-expect-error there is no such way
void simulate(events, { arrivals: 'never' });

const clock = new SimulatedClock(5);
const asClock: Clock = clock;
new TaskPool({ clock: asClock });
const passed = clock.pass(5);
check<Equal<typeof passed, Promise<void>>>();

const gate = new Gate<number>();
gate.resolve(5);
check<Equal<typeof gate.promise, Promise<number>>>();
// @ts-expect-error a value of another type
gate.resolve('5');
const gates = new Gates<string, number>();
const waiting = gates.wait('a');
check<Equal<typeof waiting, Promise<number>>>();
gates.open('a', 1);
// @ts-expect-error a value is missing
gates.open('a');

const store: EventStore = given([
  { type: 'task.queued', id: 0, group: 'g', index: 0 },
  { type: 'group.withdrawn', group: 'g', indices: [1] },
]);
void store;
// @ts-expect-error a field is missing
given([{ type: 'task.queued', id: 0, group: 'g' }]);
// @ts-expect-error a type there is not
given([{ type: 'task.done', id: 0 }]);

declare const meter: Meter;
declare const tracer: Tracer;
const end = instrument(pool, { meter, tracer, groups: true });
check<Equal<typeof end, () => void>>();
instrument(pool, { tracer });
// @ts-expect-error a tracer is no meter
instrument(pool, { meter: tracer });
check<Equal<ReturnType<typeof publishDiagnostics>, () => void>>();
check<Equal<AttemptMessage['attempt'], number>>();

const cases = remoteFunctionContract({ work: () => ({}), way: 'json' });
check<Equal<typeof cases, readonly ContractCase[]>>();
// @ts-expect-error values travel by clone, as JSON, or not at all
remoteFunctionContract({ work: () => ({}), way: 'xml' });

const ofStores = eventStoreContract({ make: async () => new MemoryStore() });
check<Equal<typeof ofStores, readonly ContractCase[]>>();
const bounded: StoreKind = {
  make: () => new MemoryStore(),
  makeBounded: (size) => new MemoryStore({ size }),
};
eventStoreContract({ ...bounded, prunes: false });
// @ts-expect-error what makes a store is missing
eventStoreContract({ reopen: (store: EventStore) => store });
// @ts-expect-error what is made is no store
eventStoreContract({ make: () => new Map() });
check<Equal<ReturnType<typeof eventsInARow>, PoolEvent[]>>();
sampleEvent(0, 'task.placed', { id: 0, by: 'thread-3' });
// @ts-expect-error a field is missing
sampleEvent(0, 'task.placed', { id: 0 });
