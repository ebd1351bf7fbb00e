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
import type { FromThread, SentContext, ThreadData, ToThread } from './messages.ts';
import { movedPartsOf } from './move.ts';

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
  if (message[0] === 'call') void run(message[1], message[2], message[3], message[4]);
  else if (message[0] === 'abort') context?.abort(unpackError(message[2]));
  else context?.stored(message[2]);
});
await begin();

async function begin(): Promise<void> {
  try {
    functions = (await import(url)) as Functions;
    post(['ready', undefined]);
  } catch (error) {
    post(['ready', packError(error)]);
  }
}

async function run(
  call: number,
  name: string,
  args: readonly unknown[],
  sent: SentContext | undefined,
): Promise<void> {
  context = sent && new FarContext(call, sent, link);
  const own = context;
  try {
    const fn = functionNamed(name);
    const isPassed = own?.isPassed === true && visibleArguments(fn) > args.length;
    const perform = () => (isPassed ? fn(...args, own) : fn(...args));
    const value = await (sent === undefined ? perform() : withinTrace(sent.trace, sent, perform));
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
  if (typeof fn === 'function') return fn as AnyFunction;
  const names = Object.keys(functions).filter((each) => typeof functions[each] === 'function');
  throw new NoSuchRemoteFunction(
    `expected one of the functions of ${url} (${names.join(', ') || 'none'}), got ${quoted(name)}`,
  );
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
