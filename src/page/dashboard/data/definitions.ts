/**
 * The machines that are drawn, as data. When the page is built these expressions are replaced by what they give, and
 * neither the machines nor xstate are part of it.
 */

import { poolMachine } from '../../../machines/pool-machine.ts';
import { taskMachine } from '../../../machines/task-machine.ts';

export const poolDefinition: unknown = poolMachine.definition;
export const taskDefinition: unknown = taskMachine.definition;
