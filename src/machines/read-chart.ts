/** Reads the node tree of an xstate machine into flat rows, and refuses what rows cannot say. */

import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate';
import { ChartNotCompilable } from '../errors.ts';

/** Computes the part of the context that a transition replaces. */
export type Assignment = (args: { context: object; event: object }) => object;

/** A transition out of a leaf state: where to, and what it assigns on the way. */
interface Transition {
  readonly target: number;
  readonly assignments: readonly Assignment[];
}

/** A state without states of its own. */
export interface Leaf {
  /** The id of its node in the machine. */
  readonly id: string;
  /** The path joined with dots: `running.active`. */
  readonly name: string;
  readonly value: StateValue;
  /** Its own tags and those of the states around it. */
  readonly tags: readonly string[];
  readonly transitions: ReadonlyMap<string, Transition>;
}

/** A chart as rows. */
export interface Chart {
  readonly leaves: readonly Leaf[];
  /** The code of the leaf that the chart starts in. */
  readonly initial: number;
  readonly output: ((args: { context: object; event: object }) => unknown) | undefined;
}

type Definition = NonNullable<ReturnType<AnyStateNode['transitions']['get']>>[number];

/** Reads a machine. Throws {@link ChartNotCompilable} with the place and the feature. */
export function readChart(machine: AnyStateMachine): Chart {
  if (machine.root.type === 'atomic') refuse(machine.root, 'no states');
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
  const { output } = machine.root;
  if (output !== undefined && typeof output !== 'function') refuse(machine.root, 'a static output');
  return { leaves, initial: codeOf(machine.root), output: output as Chart['output'] };
}

function leavesOf(node: AnyStateNode): AnyStateNode[] {
  checkNode(node);
  if (node.type !== 'compound') return [node];
  return Object.values(node.states).flatMap(leavesOf);
}

function checkNode(node: AnyStateNode): void {
  if (node.type === 'parallel') refuse(node, 'a parallel state');
  if (node.type === 'history') refuse(node, 'a history state');
  if (node.always !== undefined && node.always.length > 0) refuse(node, 'an eventless transition');
  if (node.invoke.length > 0) refuse(node, 'an invocation');
  if (node.after.length > 0) refuse(node, 'a delayed transition');
  if (node.entry.length > 0) refuse(node, 'an entry action');
  if (node.exit.length > 0) refuse(node, 'an exit action');
  if (node.type === 'compound' && node.initial.actions.length > 0)
    refuse(node, 'an initial action');
  if (node.type === 'final' && node.path.length > 1) refuse(node, 'a final state inside a state');
  if (node.type === 'final' && node.output !== undefined) refuse(node, 'an output of its own');
}

/** The node and the states around it, innermost first: the order in which xstate asks them. */
function ancestry(node: AnyStateNode): AnyStateNode[] {
  return node.parent === undefined ? [node] : [node, ...ancestry(node.parent)];
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  if (node.type !== 'compound') return node;
  const [target] = node.initial.target;
  if (target === undefined) return refuse(node, 'no initial state');
  return initialLeaf(target);
}

function stateValue(path: readonly string[]): StateValue {
  const [head = '', ...rest] = path;
  return rest.length === 0 ? head : { [head]: stateValue(rest) };
}

function transitionsOf(
  leaf: AnyStateNode,
  machine: AnyStateMachine,
  codeOf: (node: AnyStateNode) => number,
): ReadonlyMap<string, Transition> {
  const transitions = new Map<string, Transition>();
  if (leaf.type === 'final') return transitions;
  const decided = new Set<string>();
  for (const node of ancestry(leaf)) {
    for (const [type, definitions] of node.transitions) {
      if (decided.has(type)) continue;
      decided.add(type);
      const definition = checkTransition(node, type, definitions);
      const assignments = definition.actions.map((action) => assignmentOf(node, machine, action));
      const [target] = definition.target ?? [];
      // Without target and action a transition is xstate's way to forbid an event.
      if (target === undefined && assignments.length === 0) continue;
      transitions.set(type, { target: codeOf(target ?? leaf), assignments });
    }
  }
  return transitions;
}

function checkTransition(
  node: AnyStateNode,
  type: string,
  definitions: readonly Definition[],
): Definition {
  const [definition] = definitions;
  if (definition === undefined) return refuse(node, `an empty transition on '${type}'`);
  if (type.includes('*')) refuse(node, `a wildcard transition on '${type}'`);
  if (type.startsWith('xstate.')) refuse(node, `a transition on xstate's own event '${type}'`);
  if (definitions.length > 1 || definition.guard !== undefined)
    refuse(node, `a guard on '${type}'`);
  if ((definition.target?.length ?? 0) > 1) refuse(node, `several targets on '${type}'`);
  return definition;
}

/** `assign(...)` makes a function that carries its assignment: a function, or one per key. */
function assignmentOf(node: AnyStateNode, machine: AnyStateMachine, action: unknown): Assignment {
  const resolved = typeof action === 'string' ? machine.implementations.actions[action] : action;
  const { type, assignment } = Object(resolved) as { type?: string; assignment?: unknown };
  if (type !== 'xstate.assign') return refuse(node, 'an action other than assign');
  if (typeof assignment === 'function') return assignment as Assignment;
  const entries = Object.entries(assignment as Record<string, unknown>);
  return (args) =>
    Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === 'function' ? value(args) : value]),
    );
}

function refuse(node: AnyStateNode, feature: string): never {
  throw new ChartNotCompilable(
    `expected only states and transitions that a table can express, got ${feature} in '${node.id}'`,
  );
}
