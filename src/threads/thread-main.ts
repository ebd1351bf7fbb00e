/** The program of a thread: loads the module, and calls its functions. */

import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
// Not from the index: a thread has no use for pools, and starts sooner without them.
import { NoSuchRemoteFunction } from '../errors.ts';
import { quoted } from '../kit/printed.ts';
import { visibleArguments } from '../pool/engine/sees-context.ts';
import type { AnyFunction } from '../pool/task-types.ts';
import { packError, unpackError } from '../remote/errors.ts';
import { withinTrace } from '../remote/trace.ts';
import { cannotTravel } from '../remote/travel.ts';
import { FarContext, type Link } from './far-context.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { movedPartsOf } from './move.ts';

type Call = Extract<ToThread, readonly ['call', ...unknown[]]>;
type Functions = Readonly<Record<string, unknown>>;

const { url } = workerData as ThreadData;
const port = parentPort as NonNullable<typeof parentPort>;

/** The context of the call that is going on; a thread has one call at a time. */
let context: FarContext | undefined;
let functions: Functions = {};

const link: Link = {
  send: (message) => post(message),
  cloneable: (data) => data.map(cloneable),
};

port.on('message', (message: ToThread) => {
  if (message[0] === 'call') void run(message);
  else if (message[0] === 'abort') context?.abort(unpackError(message[2]));
  else context?.stored(message[2]);
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

async function run([, call, name, args, sent, trace]: Call): Promise<void> {
  context = sent && new FarContext(call, sent, link);
  const own = context;
  try {
    const fn = functionNamed(name);
    const perform = () => (own?.isPassed === true ? fn(...args, own) : fn(...args));
    const value = await (own === undefined ? perform() : withinTrace(trace, own, perform));
    answer(call, value);
  } catch (error) {
    if (own?.isReason(error) === true) post(['gaveIn', call]);
    else post(['threw', call, packError(error)]);
  }
}

function answer(call: number, value: unknown): void {
  try {
    post(['returned', call, value], movedPartsOf(value));
  } catch (error) {
    throw cannotTravel('clone', value, 'the result', error);
  }
}

/** What the module has inherited from nowhere is not called. */
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

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return inspect(value);
  }
}

function post(message: FromThread, parts?: readonly object[]): void {
  port.postMessage(message, parts as never);
}
