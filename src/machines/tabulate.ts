/**
 * Chart -> transition table -> actor logic, as far as the actors of a pool need it; `compile.ts` has the rest.
 *
 * A chart of plain states, whose transitions have one target and at most assign to the context, is a table: state
 * code x event code -> state code. A step in the table costs one array read. The actor logic created from the same
 * table yields snapshots of xstate, resolved once per state by the machine itself.
 */

import type {
  ActorLogic,
  AnyMachineSnapshot,
  AnyStateMachine,
  ContextFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
} from 'xstate';
import { type Assignment, type Leaf, readChart } from './read-chart.ts';

/** The table's entry for an event that the chart refuses in a state. */
export const REFUSED = 255;

const STOP = 'xstate.stop';

/** The result of `compile()`. */
export interface CompiledChart<M extends AnyStateMachine> {
  /** The chart it was compiled from. */
  readonly machine: M;
  /** The leaf states by code, each as its path joined with dots: `running.active`. */
  readonly states: readonly string[];
  /** The code of the initial state. */
  readonly initial: number;
  /** `table[state * events + event]`: the code of the next state, or {@link REFUSED}. */
  readonly table: Uint8Array;
  /** The code of a leaf state. @throws RangeError for a name that the chart does not have. */
  code(state: string): number;
  /** The codes of the states that carry a tag. */
  tagged(tag: string): readonly number[];
  /** The snapshot that the machine's own actor would have in this state with this context. */
  snapshot(state: number, context: ContextFrom<M>): SnapshotFrom<M>;
  /** Actor logic for `createActor` that behaves like the machine itself. */
  readonly logic: CompiledLogic<M>;
}

/** Actor logic with the properties of a machine that inspectors need to draw its chart. */
export interface CompiledLogic<M extends AnyStateMachine>
  extends ActorLogic<SnapshotFrom<M>, EventFromLogic<M>, InputFrom<M>> {
  readonly config: M['config'];
  readonly id: M['id'];
  readonly root: M['root'];
}

/** Like `compile()`, for a chart that is known to be compilable, and for actors that begin with its own snapshots. */
export function tabulate<M extends AnyStateMachine>(
  machine: M,
  eventTypes: readonly string[],
): CompiledChart<M> {
  return tabulated(machine, eventTypes).chart;
}

/** The chart with the parts that {@link CompiledChart.logic} is made of. */
export function tabulated<M extends AnyStateMachine>(machine: M, eventTypes: readonly string[]) {
  const { leaves, initial, output } = readChart(machine);
  const width = eventTypes.length;
  const table = new Uint8Array(leaves.length * width).fill(REFUSED);
  const states = leaves.map((leaf) => leaf.name);
  for (const [state, leaf] of leaves.entries()) {
    for (const [type, { target }] of leaf.transitions) {
      table[state * width + eventTypes.indexOf(type)] = target;
    }
  }
  // Created with the first actor: a pool without actors only needs the table.
  let made: SnapshotMaker | undefined;
  const snapshots = () => (made ??= new SnapshotMaker(machine, leaves, output));
  const chart: CompiledChart<M> = {
    machine,
    states,
    initial,
    table,
    code(state) {
      const code = states.indexOf(state);
      if (code < 0) throw new RangeError(`expected one of ${states.join(', ')}, got '${state}'`);
      return code;
    },
    tagged: (tag) => leaves.flatMap((leaf, code) => (leaf.tags.includes(tag) ? [code] : [])),
    snapshot: (state, context) => snapshots().make(state, context) as SnapshotFrom<M>,
    logic: makeLogic(machine, leaves, initial, snapshots),
  };
  return { chart, leaves, snapshots };
}

/** The only place where loose types of xstate, whose snapshots are opaque, are converted. */
export type Loose = AnyMachineSnapshot;
export type Context = Loose['context'];
type Output = ((args: { context: Context; event: object }) => unknown) | undefined;

/** Clones the snapshot that the machine itself resolves for each state. */
class SnapshotMaker {
  readonly #templates: readonly Loose[];
  readonly #codes: ReadonlyMap<unknown, number>;
  readonly #output: Output;
  readonly #leaves: readonly Leaf[];

  constructor(machine: AnyStateMachine, leaves: readonly Leaf[], output: Output) {
    this.#templates = leaves.map((leaf) =>
      machine.resolveState({ value: leaf.value, context: {} }),
    );
    // Every clone shares the node list of its template, which identifies the state without a search.
    this.#codes = new Map(this.#templates.map((template, code) => [nodesOf(template), code]));
    this.#output = output;
    this.#leaves = leaves;
  }

  make(state: number, context: Context): Loose {
    const template = this.#templates[state] as Loose;
    if (template.status !== 'done' || this.#output === undefined) {
      return { ...template, context } as Loose;
    }
    // xstate computes the output with the event that signals the final state.
    const event = { type: `xstate.done.state.${this.#leaves[state]?.id}`, output: undefined };
    return { ...template, context, output: this.#output({ context, event }) } as Loose;
  }

  /** Undefined for a snapshot that was not created here. */
  codeOf(snapshot: object): number | undefined {
    return this.#codes.get(nodesOf(snapshot as Loose));
  }
}

function nodesOf(snapshot: Loose): unknown {
  return snapshot._nodes;
}

function makeLogic<M extends AnyStateMachine>(
  machine: M,
  leaves: readonly Leaf[],
  initial: number,
  snapshots: () => SnapshotMaker,
): CompiledLogic<M> {
  const logic: ActorLogic<Loose, { type: string }, unknown> = {
    transition(snapshot, event) {
      if (event.type === STOP) return { ...snapshot, status: 'stopped' } as Loose;
      const code = snapshots().codeOf(snapshot) as number;
      const transition = leaves[code]?.transitions.get(event.type);
      if (transition === undefined) return snapshot;
      const context = assigned(snapshot.context, event, transition.assignments);
      return snapshots().make(transition.target, context);
    },
    // Actors of a pool begin with a snapshot, which needs no conversion.
    getInitialSnapshot: (_scope, input) => snapshots().make(initial, input as Context),
    getPersistedSnapshot: (snapshot, options) => machine.getPersistedSnapshot(snapshot, options),
  };
  const { config, id, root } = machine;
  return Object.assign(logic, { config, id, root }) as unknown as CompiledLogic<M>;
}

function assigned(context: Context, event: object, assignments: readonly Assignment[]): Context {
  if (assignments.length === 0) return context;
  let next = context;
  // Like in xstate, each assignment sees the result of the previous ones. Not `{ ...next, … }`, for which Node 20
  // would create a hidden class per object.
  for (const assignment of assignments) {
    next = Object.assign({}, next, assignment({ context: next, event }));
  }
  return next;
}
