/**
 * A pool whose size follows the capacity of an HTTP server, which halves after a third of the time and recovers after
 * two thirds. Prints the data of the plot in docs/guide/autosize.md.
 */

import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { autosize, gradient } from 'xstate-taskpool/autosize';
import { Capacity } from './crawler/capacity.ts';
import { download } from './crawler/download.ts';
import { isEntry } from './entry.ts';

const CAPACITY = 40;
/** The average time of a request in milliseconds; each takes up to 30 % more or less. */
const SERVICE = 400;

export interface Sample {
  readonly second: number;
  readonly capacity: number;
  readonly size: number;
  /** Requests per second. */
  readonly throughput: number;
  /** Milliseconds per request. */
  readonly latency: number;
}

async function openServer(capacity: Capacity) {
  const server = createServer(async (_, response) => {
    await capacity.run(() => sleep(SERVICE * (0.7 + 0.6 * Math.random())));
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return { server, port: address.port };
}

function* always(): Generator<string> {
  for (;;) yield 'http://localhost/';
}

/** Returns one sample per second. */
export async function main(seconds = 120, each = 1_000): Promise<Sample[]> {
  const capacity = new Capacity(CAPACITY);
  const { server, port } = await openServer(capacity);
  const request = async (url: string, { signal }: TaskContext) =>
    await download(url, { port, signal });

  const pool = new TaskPool({ retain: 'none' });
  const policy = gradient({ tolerance: 1.1 });
  using _ = autosize(pool, { min: 5, max: 200, interval: 250, policy });
  let [ended, ran] = [0, 0];
  pool.on('task.ended', ({ ran: ms = 0 }) => {
    ended++;
    ran += ms;
  });
  const group = pool.map(request, always());

  const samples: Sample[] = [];
  for (let second = 1; second <= seconds; second++) {
    capacity.size = Math.ceil((3 * second) / seconds) === 2 ? CAPACITY / 2 : CAPACITY;
    await sleep(each);
    const throughput = Math.round((1_000 * ended) / each);
    const latency = Math.round(ran / Math.max(1, ended));
    const sample = { second, capacity: capacity.size, size: pool.poolSize, throughput, latency };
    samples.push(sample);
    console.log(Object.values(sample).join('\t'));
    [ended, ran] = [0, 0];
  }
  group.cancel();
  await pool.gatherAndClose({ returnExceptions: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return samples;
}

if (isEntry(import.meta)) await main(Number(process.argv[2] ?? 120));
