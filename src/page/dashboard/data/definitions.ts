/**
 * The drawn machines as data. The build replaces these expressions by their values, so that neither the machines nor
 * xstate are part of the page.
 */

import { poolMachine } from '../../../machines/pool-machine.ts';
import { taskMachine } from '../../../machines/task-machine.ts';

export const poolDefinition: unknown = poolMachine.definition;
export const taskDefinition: unknown = taskMachine.definition;
