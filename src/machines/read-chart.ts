/** Flattens the node tree of an xstate machine into table rows, see `check-chart.ts`. */

import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate';

/** Computes the part of the context that a transition replaces. */
export type Assignment = (args: { context: object; event: object }) => object;

/** A transition out of a leaf state: its target and its assignments. */
interface Transition {
  readonly target: number;
  readonly assignments: readonly Assignment[];
}

/** A state without child states. */
export interface Leaf {
  /** The id of its node in the machine. */
  readonly id: string;
  /** The path joined with dots: `running.active`. */
  readonly name: string;
  readonly value: StateValue;
  /** Its own tags and those of its ancestors. */
  readonly tags: readonly string[];
  readonly transitions: ReadonlyMap<string, Transition>;
}

/** A chart as rows. */
export interface Chart {
  readonly leaves: readonly Leaf[];
  /** The code of the initial leaf. */
  readonly initial: number;
  readonly output: ((args: { context: object; event: object }) => unknown) | undefined;
}

type Definitions = NonNullable<ReturnType<AnyStateNode['transitions']['get']>>;

/** Reads a machine. */
export function readChart(machine: AnyStateMachine): Chart {
  const nodes = leavesOf(machine.root);
  const codes = new Map(nodes.map((node, code) => [node, code]));
  const codeOf = (node: AnyStateNode): number => codes.get(initialLeaf(node)) as number;
  const leaves = nodes.map((node) => ({
    id: node.id,
    name: node.path.join('.'),
    value: stateValue(node.path),
    tags: ancestry(node).flatMap((each) => each.tags),
    transitions: transitionsOf(node, machine, codeOf),
  }));
  const output = machine.root.output as Chart['output'];
  return { leaves, initial: codeOf(machine.root), output };
}

/** The states without child states. */
export function leavesOf(node: AnyStateNode): AnyStateNode[] {
  if (node.type !== 'compound') return [node];
  return Object.values(node.states).flatMap(leavesOf);
}

/** The node and its ancestors, innermost first: the order in which xstate evaluates them. */
function ancestry(node: AnyStateNode): AnyStateNode[] {
  return node.parent === undefined ? [node] : [node, ...ancestry(node.parent)];
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  if (node.type !== 'compound') return node;
  const [target] = node.initial.target;
  return initialLeaf(target as AnyStateNode);
}

function stateValue(path: readonly string[]): StateValue {
  const [head = '', ...rest] = path;
  return rest.length === 0 ? head : { [head]: stateValue(rest) };
}

/** The transitions of a leaf by event type: its own take precedence over those of its ancestors. */
export function* reactionsOf(leaf: AnyStateNode): Generator<[AnyStateNode, string, Definitions]> {
  if (leaf.type === 'final') return;
  const decided = new Set<string>();
  for (const node of ancestry(leaf)) {
    for (const [type, definitions] of node.transitions) {
      if (decided.has(type)) continue;
      decided.add(type);
      yield [node, type, definitions];
    }
  }
}

function transitionsOf(
  leaf: AnyStateNode,
  machine: AnyStateMachine,
  codeOf: (node: AnyStateNode) => number,
): ReadonlyMap<string, Transition> {
  const transitions = new Map<string, Transition>();
  for (const [, type, [definition]] of reactionsOf(leaf)) {
    const assignments = (definition?.actions ?? []).map((action) => assignmentOf(machine, action));
    const [target] = definition?.target ?? [];
    // In xstate a transition without target and actions forbids an event.
    if (target === undefined && assignments.length === 0) continue;
    transitions.set(type, { target: codeOf(target ?? leaf), assignments });
  }
  return transitions;
}

/** Resolves an action that is given by its name in the machine. */
export function actionOf(machine: AnyStateMachine, action: unknown): object {
  return Object(typeof action === 'string' ? machine.implementations.actions[action] : action);
}

/** `assign(...)` returns a function with its assignment as a property: a function, or one per key. */
function assignmentOf(machine: AnyStateMachine, action: unknown): Assignment {
  const { assignment } = actionOf(machine, action) as { assignment?: unknown };
  if (typeof assignment === 'function') return assignment as Assignment;
  const entries = Object.entries(assignment as Record<string, unknown>);
  return (args) =>
    Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === 'function' ? value(args) : value]),
    );
}
