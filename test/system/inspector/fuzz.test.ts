/**
 * Whatever programs send: the inspector keeps what is an inspection event, within its limits, and the page
 * folds and draws it without an error. Hundreds of messages, or 100,000 in the long tests.
 */

import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { stateText } from '../../../src/page/inspector/data/actor-record.ts';
import { chartOf } from '../../../src/page/inspector/data/chart.ts';
import { type EventEntry, isEntryOf } from '../../../src/page/inspector/data/messages.ts';
import { countTasks, poolOf } from '../../../src/page/inspector/data/pool.ts';
import { sequenceOf } from '../../../src/page/inspector/data/sequence.ts';
import { pictureOfSequence } from '../../../src/page/inspector/data/sequence-picture.ts';
import { stateOfChart } from '../../../src/page/inspector/data/state-of-chart.ts';
import { countActors, rowsOf } from '../../../src/page/inspector/data/tree.ts';
import { Reader } from '../../support/inspector/reader.ts';
import { isLong } from '../../support/length.ts';
import { Log } from '../../support/pools.ts';
import { runs } from '../../support/runs.ts';

const CONNECTIONS = isLong ? 1000 : 8;
const MESSAGES = isLong ? 100 : 30;
/** Of a flood. */
const NUM_ACTORS = isLong ? 20_000 : 2000;
/** Of a context: in the long tests all of them together are more than is kept. */
const LARGE = isLong ? 4_000_000 : 400_000;

const log = new Log();

afterAll(() => {
  expect(log.lines).toEqual([]);
});

interface Listening extends AsyncDisposable {
  readonly server: InspectorServer;
  /** The link of its page. */
  readonly url: string;
  /** Where programs connect to. */
  readonly programs: string;
}

/**
 * A server of its own for each run: a page is sent all that its server has kept, so that with one for all the work
 * would grow with the square of the runs, and what one has found would depend on those before it.
 */
async function listening(): Promise<Listening> {
  const server = new InspectorServer({ port: 0, logger: log });
  const { url, inspectorUrl } = await server.listen();
  return { server, url, programs: inspectorUrl, [Symbol.asyncDispose]: () => server.close() };
}

/** Connects as a program does, sends, and waits until the server has taken all of it. */
async function sendAll(programs: string, messages: readonly (string | Buffer)[]): Promise<void> {
  const socket = new WebSocket(programs);
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  for (const each of messages) if (socket.readyState === socket.OPEN) socket.send(each);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close();
  await closed;
}

/** All that the page shows of what it has received. */
function showAll({ history }: Reader): void {
  const seq = history.last;
  rowsOf(history, { seq, search: 'x', hidesEnded: true });
  countActors(history, seq);
  for (const { actor, moment } of rowsOf(history, { seq, search: '', hidesEnded: false }).filter(
    (row) => 'actor' in row,
  )) {
    stateText(moment.snapshot?.value);
    const chart = chartOf(actor.definition);
    if (typeof chart === 'object') stateOfChart(actor, chart.chart, seq);
    if (poolOf(moment) !== undefined) countTasks(history, actor, seq);
  }
  const events = history.entries.filter((entry): entry is EventEntry =>
    isEntryOf(entry, '@xstate.event'),
  );
  pictureOfSequence(sequenceOf(events, history, seq));
}

/** A page that has received all that its server has. */
async function received({ server, url }: Listening): Promise<Reader> {
  const reader = new Reader(url);
  await reader.until(({ history }) => history.last >= server.numMessages - 1);
  return reader;
}

/** Of which no text can be made. */
const textless = fc.constant({ toString: 1, valueOf: 1 });
const anything = fc.oneof(
  { weight: 9, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: textless },
);
const id = fc.constantFrom('x:0', 'x:1', 'x:2', '__proto__', 'constructor', '');
const snapshot = fc.oneof(
  anything,
  fc.record({ status: anything, value: anything, context: anything }, { requiredKeys: [] }),
);
const definition = fc.oneof(
  { weight: 10, arbitrary: anything },
  {
    weight: 10,
    arbitrary: fc
      .record({ id: anything, initial: anything, states: anything, on: anything })
      .map((config) => JSON.stringify(config)),
  },
  { weight: 9, arbitrary: fc.constant('{"states":{"a":{"on":{"*":"#a"}}}}') },
  { weight: 1, arbitrary: fc.constant(`{"states":${'{"a":{"states":'.repeat(2000)}`) },
);
const inspection = fc.record(
  {
    type: fc.constantFrom('@xstate.actor', '@xstate.event', '@xstate.snapshot'),
    sessionId: id,
    parentId: fc.oneof(id, anything),
    sourceId: fc.oneof(id, anything),
    name: fc.oneof(fc.constant('<img src=x onerror=alert(1)>'), anything),
    event: fc.oneof(anything, fc.record({ type: anything })),
    snapshot,
    definition,
  },
  { requiredKeys: ['type', 'sessionId'] },
);
const message = fc.oneof(
  { weight: 8, arbitrary: inspection.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        type: fc.constantFrom('@taskpool.refused', '@taskpool.dashboard'),
        sessionId: id,
        why: anything,
        url: anything,
      })
      .map((value) => JSON.stringify(value)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"@taskpool.accepts"}',
      '{"type":"@taskpool.dashboard","sessionId":"x:0","url":"javascript:alert(1)"}',
      '{"type":"@taskpool.refused","sessionId":"x:0"}',
      '{"type":"@program.closed"}',
      `{"type":"@xstate.actor","sessionId":"${'x'.repeat(300)}"}`,
    ),
  },
);

test('hostile messages are dropped or shown, and harm nobody', { timeout: 600_000 }, async () => {
  const messages = fc.array(message, { minLength: MESSAGES, maxLength: MESSAGES });
  const property = fc.asyncProperty(messages, async (messages) => {
    await using inspector = await listening();
    await sendAll(inspector.programs, messages);
    const reader = await received(inspector);
    showAll(reader);
    const ids = Array.from(reader.history.actors.values(), ({ sessionId }) => sessionId.length);
    expect(Math.max(0, ...ids)).toBeLessThanOrEqual(200);
    for (const { programs = [] } of reader.news) {
      for (const { dashboards } of programs) expect(dashboards).toEqual({});
    }
    reader.close();
  });
  await fc.assert(property, { ...runs(1), numRuns: CONNECTIONS });
});

test('values that are nested ten thousand deep are shown without an error', async () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  await using inspector = await listening();
  await sendAll(inspector.programs, [
    `{"type":"@xstate.actor","sessionId":"deep","definition":${JSON.stringify(deep(10_000))}}`,
    `{"type":"@xstate.snapshot","sessionId":"deep","snapshot":{"value":${deep(10_000)},"context":${deep(10_000)}}}`,
    `{"type":"@xstate.event","sessionId":"deep","event":${deep(10_000)}}`,
  ]);
  expect(inspector.server.numMessages).toBe(4);
  const reader = await received(inspector);
  showAll(reader);
  reader.close();
});

test('a flood of actors and of huge contexts stays within the limits, and the latest is shown', async () => {
  const actors = Array.from({ length: NUM_ACTORS }, (_, n) =>
    JSON.stringify({ type: '@xstate.actor', sessionId: `x:${n}`, name: `actor ${n}` }),
  );
  const huge = JSON.stringify({ text: 'x'.repeat(LARGE) });
  const contexts = Array.from(
    { length: 20 },
    (_, n) =>
      `{"type":"@xstate.snapshot","sessionId":"huge:${n}","snapshot":{"status":"active","context":${huge}}}`,
  );
  await using inspector = await listening();
  await sendAll(inspector.programs, [...actors, ...contexts]);
  const { numDropped } = inspector.server;
  expect(numDropped > NUM_ACTORS / 2).toBe(isLong);
  const reader = await received(inspector);
  showAll(reader);
  const kept = reader.history.entries
    .filter((entry) => isEntryOf(entry, '@xstate.snapshot'))
    .map(({ message }) => Object(message.snapshot?.context).text?.length ?? 0);
  expect(kept.reduce((sum, length) => sum + length, 0)).toBeLessThan(64_000_000);
  expect(reader.history.numDropped).toBe(numDropped);
  reader.close();
});

test('a message that is too large ends its connection, and the page is told why', async () => {
  const actor = JSON.stringify({ type: '@xstate.actor', sessionId: 'large' });
  await using inspector = await listening();
  await sendAll(inspector.programs, [actor, `"${'x'.repeat(17_000_000)}"`]);
  const reader = new Reader(inspector.url);
  await reader.until(({ history }) =>
    history.entries.some(
      ({ message }) => message.type === '@program.closed' && /16 MB/.test(String(message.why)),
    ),
  );
  reader.close();
});
