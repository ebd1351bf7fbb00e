/** What workers of the tests serve. */

import type { TaskContext } from 'xstate-taskpool';

export async function add(a: number, b: number): Promise<number> {
  return a + b;
}

export async function nothing(): Promise<void> {}

export async function failWith(message: string): Promise<never> {
  throw Object.assign(new TypeError(message), { code: 'E_WORK', cause: new Error('the cause') });
}

/** What its context tells. */
export async function look(_: string, context: TaskContext) {
  const { id, index, attempt, groupName, functionName, poolName } = context;
  return { id, index, attempt, groupName, functionName, poolName };
}

export async function speak(_: string, { report, log }: TaskContext): Promise<string> {
  report({ half: true });
  log('from afar', 1);
  await pause(50);
  return 'spoken';
}

/** Until it is aborted. */
export async function hang(_: string, { signal }: TaskContext): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw signal.reason;
}

export async function sleep(ms: number, { signal }: TaskContext): Promise<number> {
  await pause(ms, signal);
  return process.pid;
}

export async function large(length: number): Promise<string> {
  return 'x'.repeat(length);
}

export async function date(): Promise<unknown> {
  return { at: new Date(0) };
}

/** Keeps the event loop from turning. */
export async function block(ms: number): Promise<number> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return process.pid;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
