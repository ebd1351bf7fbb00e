/** The behaviour of the functions, sources and callbacks of a program, as data that is short when printed. */

import fc from 'fast-check';

/** The behaviour of a task function. */
export interface Behaviour {
  readonly when: 'at once' | 'soon' | 'late';
  readonly end: 'value' | 'error' | 'text' | 'AbortError' | 'AggregateError';
  /** How it reacts to an abort while it waits: ignore it, stop, stop slowly, or return normally. */
  readonly onAbort: 'ignore' | 'reason' | 'AbortError' | 'unwind' | 'value' | 'error';
  readonly meanwhile: 'nothing' | 'report' | 'place' | 'look' | Meddling;
}

/** What user code does to the pool that calls it before it continues. */
export type Meddling =
  | 'cancel itself'
  | 'cancel its group'
  | 'pause its group'
  | 'shrink the pool'
  | 'grow the pool'
  | 'apply more'
  | 'ask for results';

/** The behaviour of an iterable. */
export interface SourceScript {
  readonly kind: 'array' | 'sync' | 'async' | 'late';
  readonly length: number;
  /** At which pull it throws; -1 when it is opened. */
  readonly failsAt: number | undefined;
  readonly meddles: { readonly at: number; readonly how: Meddling } | undefined;
  /** Whether its `return` throws. */
  readonly returnFails: boolean;
}

/** The behaviour of a callback. */
export type CallbackScript = 'none' | 'return' | 'throw' | 'late return' | 'late throw';

/** The options of a call that creates a group. */
export interface GroupScript {
  readonly name: string | undefined;
  /** The behaviours of its tasks, in turn. */
  readonly behaviours: readonly Behaviour[];
  /** How the function takes its arguments: only `blind` does not see a context. */
  readonly form: 'plain' | 'rest' | 'blind';
  readonly passContext: boolean;
  readonly end: CallbackScript;
  readonly cancel: CallbackScript;
  /** The index of the controller of the group's signal. */
  readonly signal: number | undefined;
  /** Time limits and retries of its tasks; undefined for most. */
  readonly attempts: AttemptScript | undefined;
}

/** Time limits, in milliseconds of the program's clock, and retries. */
interface AttemptScript {
  readonly timeout?: number;
  readonly waitTimeout?: number;
  readonly deadline?: number;
  readonly retry?: { readonly limit: number; readonly delay: number };
}

/** How many controllers a program has for the signals of its groups. */
export const SIGNALS = 2;

export const meddling = fc.constantFrom<Meddling>(
  'cancel itself',
  'cancel its group',
  'pause its group',
  'shrink the pool',
  'grow the pool',
  'apply more',
  'ask for results',
);

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  when: fc.constantFrom<Behaviour['when']>('at once', 'late', 'soon', 'late', 'late'),
  end: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Behaviour['end']>('value') },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Behaviour['end']>('error', 'text', 'AbortError', 'AggregateError'),
    },
  ),
  onAbort: fc.constantFrom<Behaviour['onAbort']>(
    'ignore',
    'reason',
    'AbortError',
    'unwind',
    'value',
    'error',
  ),
  meanwhile: fc.oneof(
    { weight: 12, arbitrary: fc.constant('nothing' as const) },
    { weight: 4, arbitrary: fc.constantFrom('report' as const, 'place' as const, 'look' as const) },
    { weight: 2, arbitrary: meddling },
  ),
});

export const source: fc.Arbitrary<SourceScript> = fc.record({
  kind: fc.constantFrom<SourceScript['kind']>('array', 'sync', 'async', 'late'),
  length: fc.nat(6),
  failsAt: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.integer({ min: -1, max: 3 }) },
  ),
  meddles: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ at: fc.nat(3), how: meddling }) },
  ),
  returnFails: fc.boolean(),
});

const callback = fc.constantFrom<CallbackScript>(
  'none',
  'return',
  'late return',
  'throw',
  'late throw',
);

const ms = fc.integer({ min: 1, max: 6 });

const attempts: fc.Arbitrary<AttemptScript> = fc.record(
  {
    timeout: ms,
    waitTimeout: ms,
    deadline: fc.integer({ min: 1, max: 12 }),
    retry: fc.record({ limit: fc.nat(3), delay: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: [] },
);

export const groupScript: fc.Arbitrary<GroupScript> = fc.record({
  name: fc.constantFrom(undefined, undefined, 'a', 'b'),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 3 }),
  form: fc.constantFrom<GroupScript['form']>('plain', 'rest', 'plain', 'blind'),
  passContext: fc.constantFrom(true, true, true, false),
  end: callback,
  cancel: callback,
  signal: fc.constantFrom(undefined, undefined, 0, 1),
  attempts: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: attempts },
  ),
});

/**
 * The same for a function that sees its context: if all tasks have the same arguments, only the context identifies
 * the task, since functions need not be called in the order of the starts.
 */
export const seeing = (script: GroupScript): GroupScript => ({
  ...script,
  passContext: true,
  form: script.form === 'blind' ? 'plain' : script.form,
});

/** A concurrency: small, or unlimited. */
export const limit = (least: number) =>
  fc.constantFrom(least, least + 1, least + 2, Number.POSITIVE_INFINITY, least + 3);

/** Reasons for a cancellation. */
export const reason = fc.constantFrom<unknown>(undefined, 'enough', null, { why: 'test' });

function describeBehaviour({ when, end, onAbort, meanwhile }: Behaviour): string {
  const waits = when === 'late' ? `, aborted: ${onAbort}` : '';
  const also = meanwhile === 'nothing' ? '' : `, ${meanwhile}`;
  return `${when} ${end}${waits}${also}`;
}

export function describeSource(script: SourceScript): string {
  const { kind, length, failsAt, meddles } = script;
  const fails = failsAt === undefined ? '' : ` failing at ${failsAt}`;
  return `${kind} of ${length}${fails}${meddles ? ` that at ${meddles.at} ${meddles.how}` : ''}`;
}

export function describeGroup(script: GroupScript): string {
  const parts = [`[${script.behaviours.map(describeBehaviour).join(' | ')}]`];
  if (script.name !== undefined) parts.push(`named ${script.name}`);
  if (script.form !== 'plain') parts.push(script.form);
  if (!script.passContext) parts.push('without context');
  if (script.end !== 'none') parts.push(`end callback: ${script.end}`);
  if (script.cancel !== 'none') parts.push(`cancel callback: ${script.cancel}`);
  if (script.signal !== undefined) parts.push(`signal ${script.signal}`);
  if (script.attempts !== undefined) parts.push(JSON.stringify(script.attempts));
  return parts.join(', ');
}
