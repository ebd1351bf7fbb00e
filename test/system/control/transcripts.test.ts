/**
 * Whole sessions, byte for byte, as three clients have them: a socket, a client in Python that
 * takes what one read returns for an answer, and `nc`. `vitest -u` writes what came back anew.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BasePool, SimpleTaskPool, type TaskContext, TaskPool } from 'xstate-taskpool';
import { TCPControlServer, UnixControlServer } from 'xstate-taskpool/control';
import { socketPath } from '../../support/control/socket-path.ts';
import {
  type Exchange,
  readTranscript,
  writeTranscript,
} from '../../support/control/transcript.ts';
import { Wire } from '../../support/control/wire.ts';
import { Log } from '../../support/pools.ts';
import { hasTool } from '../../support/tools.ts';

const hasPython = hasTool('python3');
const hasNetcat = hasTool('nc');

function worker({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
function fail(message: string): never {
  throw new Error(message);
}
function wait(...args: unknown[]): Promise<never> {
  return worker(args.at(-1) as TaskContext);
}
/** Nothing takes time, so that times are the same in every session. */
const clock = {
  now: () => Date.now(),
  monotonic: () => 0,
  setTimeout: (fn: () => void, ms: number) => setTimeout(fn, ms),
  clearTimeout: (id: unknown) => clearTimeout(id as NodeJS.Timeout),
};
const quiet = { logger: new Log(), clock };
const functions = { worker, fail, wait };
const camelCase = { wait, doubleIt: (n: number) => 2 * n, onEnd: () => {} };

interface Served {
  readonly pools: BasePool[];
  readonly readOnly?: boolean;
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>;
}

/** The pool of each transcript, and how it is served. */
const sessions: Readonly<Record<string, () => Served>> = {
  'simple-task-pool': () => ({ pools: [new SimpleTaskPool(worker, [], { ...quiet, name: '0' })] }),
  'task-pool': () => ({ pools: [new TaskPool({ ...quiet, name: '0', poolSize: 4 })] }),
  'help-task-pool': () => ({ pools: [new TaskPool({ ...quiet, name: '0' })] }),
  'help-simple-task-pool': () => ({
    pools: [new SimpleTaskPool(worker, [], { ...quiet, name: '0' })],
  }),
  mistakes: () => ({ pools: [new TaskPool({ ...quiet, name: '0' })] }),
  'several-pools': () => ({
    pools: [
      new TaskPool({ ...quiet, name: 'a' }),
      new SimpleTaskPool(worker, [], { ...quiet, name: 'b' }),
    ],
  }),
  // As the client of asyncio-taskpool sends whatever was typed.
  'lower-case': () => {
    const pool = new TaskPool({ ...quiet, name: '0' });
    for (const groupName of ['Jobs', 'Other', 'OTHER']) pool.apply(wait, [], { groupName });
    return { pools: [pool], functions: camelCase };
  },
  'read-only': () => ({ pools: [new TaskPool({ ...quiet, name: '0' })], readOnly: true }),
};

const pathOf = (name: string): string => join(import.meta.dirname, 'transcripts', `${name}.txt`);

beforeEach(() => {
  // Nor does a pool find that it has kept the event loop for long, and continue in the next turn.
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.UTC(2026, 10, 24, 12) });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(Object.keys(sessions))('%s', (name) => {
  test('over a socket, each answer in one piece', async () => {
    const { server, port } = await serve(name);
    const wire = await Wire.open({ port });
    const exchanges: Exchange[] = [];
    for (const { sent } of await readTranscript(pathOf(name))) {
      wire.send(sent);
      exchanges.push({ sent, answer: await wire.chunk() });
    }
    expect(await wire.all()).toBe('');
    wire.close();
    await server.close();
    await expect(writeTranscript(exchanges)).toMatchFileSnapshot(pathOf(name));
  });

  test.skipIf(!hasNetcat)('from nc, all at once', async () => {
    const { server, port } = await serve(name);
    const exchanges = await readTranscript(pathOf(name));
    const lines = exchanges.map(({ sent }) => `${sent}\n`).join('');
    expect(await run('nc', ['-N', '127.0.0.1', String(port)], lines)).toBe(
      exchanges.map(({ answer }) => answer).join(''),
    );
    await server.close();
  });
});

test.skipIf(!hasPython)('from Python, over sockets of either kind', async () => {
  const path = await socketPath();
  const names = ['simple-task-pool', ...Object.keys(sessions)];
  const served: {
    readonly server: TCPControlServer | UnixControlServer;
    readonly address: string;
  }[] = [{ server: await serveAt(path, 'simple-task-pool'), address: `unix:${path}` }];
  for (const name of Object.keys(sessions)) {
    const { server, port } = await serve(name);
    served.push({ server, address: `127.0.0.1:${port}` });
  }
  const transcripts = await Promise.all(names.map((name) => readTranscript(pathOf(name))));
  const commands = transcripts.map((exchanges) =>
    exchanges
      .slice(1)
      .map(({ sent }) => `${sent}\n`)
      .join(''),
  );
  const driver = join(import.meta.dirname, 'driver.py');
  const args = [driver, ...served.map(({ address }) => address)];
  const written = await run('python3', args, commands.join('\f'));
  expect(written.split('\f')).toEqual(transcripts.map(writeTranscript));
  for (const { server } of served) await server.close();
});

test.skipIf(!hasNetcat)('from nc, over a Unix socket', async () => {
  const name = 'simple-task-pool';
  const path = await socketPath();
  const exchanges = await readTranscript(pathOf(name));
  const server = await serveAt(path, name);
  const lines = exchanges.map(({ sent }) => `${sent}\n`).join('');
  const answers = exchanges.map(({ answer }) => answer).join('');
  expect(await run('nc', ['-N', '-U', path], lines)).toBe(answers);
  await server.close();
});

async function serve(name: string) {
  const { pools, ...options } = poolsOf(name);
  const [first, ...others] = pools as [BasePool, ...BasePool[]];
  const server = new TCPControlServer(first, { port: 0, pools: others, functions, ...options });
  return { server, port: (await server.listen()).port };
}

async function serveAt(path: string, name: string): Promise<UnixControlServer> {
  const [first] = poolsOf(name).pools as [BasePool];
  const server = new UnixControlServer(first, { path, functions });
  await server.listen();
  return server;
}

function poolsOf(name: string): Served {
  const make = sessions[name];
  if (make === undefined) throw new Error(`no pool for ${name}`);
  return make();
}

function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stderr}\n${stdout}`));
    });
    child.stdin?.end(input);
  });
}
