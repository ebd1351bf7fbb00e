/**
 * Refuses charts that a table of states and events cannot express. Only charts of users are checked at run time;
 * the two of this package are covered by tests, which keeps the check out of the pool's bundle.
 */

import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { ChartNotCompilable } from '../errors.ts';
import { actionOf, leavesOf, reactionsOf } from './read-chart.ts';

type Reaction = ReturnType<typeof reactionsOf> extends Generator<infer R> ? R : never;

/** The codes of states are bytes; the last one marks a refused event. */
const REFUSED = 255;

/** @throws ChartNotCompilable with the place and the feature. */
export function checkChart(machine: AnyStateMachine, eventTypes: readonly string[]): void {
  const { root, id } = machine;
  if (root.type === 'atomic') refuse(root, 'no states');
  checkNode(root);
  const leaves = leavesOf(root);
  for (const leaf of leaves) for (const each of reactionsOf(leaf)) checkReaction(machine, each);
  if (root.output !== undefined && typeof root.output !== 'function') {
    refuse(root, 'a static output');
  }
  if (leaves.length >= REFUSED) {
    throw new ChartNotCompilable(
      `expected a chart of fewer than ${REFUSED} states, got ${leaves.length} in '${id}'`,
    );
  }
  for (const leaf of leaves) for (const each of reactionsOf(leaf)) checkType(id, each, eventTypes);
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
  if (node.type !== 'compound') return;
  if (node.initial.target.length === 0) refuse(node, 'no initial state');
  for (const child of Object.values(node.states)) checkNode(child);
}

function checkReaction(machine: AnyStateMachine, [node, type, definitions]: Reaction): void {
  const [definition] = definitions;
  if (definition === undefined) refuse(node, `an empty transition on '${type}'`);
  if (type.includes('*')) refuse(node, `a wildcard transition on '${type}'`);
  if (type.startsWith('xstate.')) refuse(node, `a transition on xstate's own event '${type}'`);
  if (definitions.length > 1 || definition.guard !== undefined)
    refuse(node, `a guard on '${type}'`);
  if ((definition.target?.length ?? 0) > 1) refuse(node, `several targets on '${type}'`);
  for (const action of definition.actions) {
    const { type: kind } = actionOf(machine, action) as { type?: string };
    if (kind !== 'xstate.assign') refuse(node, 'an action other than assign');
  }
}

function checkType(id: string, [, type, [definition]]: Reaction, types: readonly string[]): void {
  const isForbidden = definition?.target === undefined && definition?.actions.length === 0;
  if (isForbidden || types.includes(type)) return;
  throw new ChartNotCompilable(
    `expected the events of '${id}' to be among ${types.join(', ')}, got '${type}'`,
  );
}

function refuse(node: AnyStateNode, feature: string): never {
  throw new ChartNotCompilable(
    `expected only states and transitions that a table can express, got ${feature} in '${node.id}'`,
  );
}
