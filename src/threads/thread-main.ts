/** The program of a worker thread: loads the module and calls its functions. */

import { parentPort, workerData } from 'node:worker_threads';
// Not from the index: a thread does not need pools, and starts faster without them.
import { NoSuchRemoteFunction } from '../errors.ts';
import { quoted } from '../kit/printed.ts';
import { visibleArguments } from '../pool/functions/sees-context.ts';
import type { AnyFunction } from '../pool/functions/task-types.ts';
import { packError, unpackError } from '../remote/errors.ts';
import { FarContext } from '../remote/far-context.ts';
import { withinTrace } from '../remote/trace.ts';
import { cannotTravel } from '../remote/travel.ts';
import { Claims } from './claims.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { movedPartsOf } from './move.ts';
import { RunningCall } from './running-call.ts';

type Call = Extract<ToThread, readonly ['call', ...unknown[]]>;
type Functions = Readonly<Record<string, unknown>>;

const { url, claims: memory } = workerData as ThreadData;
const claims = new Claims(memory);
const port = parentPort as NonNullable<typeof parentPort>;

/** The running call, if it has a context; a thread runs one call at a time. */
let running: RunningCall | undefined;
let functions: Functions = {};
/** Settles when all calls received so far have ended. Further ones may arrive while one is running. */
let previous: Promise<void> = Promise.resolve();

port.on('message', (message: ToThread) => {
  if (message[0] === 'call') previous = previous.then(() => run(message));
  else if (running?.number !== message[1]) return;
  else if (message[0] === 'abort') running.late.abort(unpackError(message[2]));
  else running.stored(message[2]);
});
await begin();

async function begin(): Promise<void> {
  try {
    functions = (await import(url)) as Functions;
    post(['ready', new Map(namesOfFunctions().map((name) => [name, visibleIn(name)]))]);
  } catch (error) {
    post(['broken', packError(error)]);
  }
}

async function run([, call, place, name, args, sent, trace]: Call): Promise<void> {
  if (!claims.begin(place)) return;
  const since = performance.now();
  running = undefined;
  let own: RunningCall | undefined;
  try {
    const fn = functionNamed(name);
    let perform = (): unknown => fn(...args);
    if (sent !== undefined) {
      const far = new RunningCall(call, sent, post);
      const all = far.isPassed ? [...args, new FarContext(far.terms, far)] : args;
      perform = () => withinTrace(trace, far.terms, () => fn(...all));
      own = far;
      running = far;
    }
    const value = await perform();
    answer(call, value, performance.now() - since);
  } catch (error) {
    if (own?.late.isReason(error) === true) post(['gaveIn', call]);
    else post(['threw', call, packError(error)]);
  }
}

function answer(call: number, value: unknown, ran: number): void {
  try {
    post(['returned', call, value, ran], movedPartsOf(value));
  } catch (error) {
    throw cannotTravel('clone', value, 'the result', error);
  }
}

/** Only own exports are called, no inherited properties. */
function functionNamed(name: string): AnyFunction {
  const fn = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (isFunction(fn)) return fn;
  const names = namesOfFunctions();
  throw new NoSuchRemoteFunction(
    `expected one of the functions of ${url} (${names.join(', ') || 'none'}), got ${quoted(name)}`,
  );
}

function namesOfFunctions(): string[] {
  return Object.keys(functions).filter((name) => isFunction(functions[name]));
}

function visibleIn(name: string): number {
  return visibleArguments(functions[name] as AnyFunction);
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

function post(message: FromThread, parts?: readonly object[]): void {
  port.postMessage(message, parts as never);
}
