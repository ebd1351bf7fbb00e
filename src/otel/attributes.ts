/** The names of attributes, following the semantic conventions of OpenTelemetry. */

import type { TracedCall } from '../remote/trace.ts';

export const POOL = 'taskpool.pool.name';
export const GROUP = 'taskpool.group.name';
export const STATE = 'taskpool.task.state';
export const OUTCOME = 'taskpool.task.outcome';
const TASK_ID = 'taskpool.task.id';
const INDEX = 'taskpool.task.index';
const ATTEMPT = 'taskpool.task.attempt';
const FUNCTION = 'code.function.name';
export const ERROR_TYPE = 'error.type';
/** The place of an attempt that runs remotely. */
export const PLACE = 'taskpool.task.place';

/** The attributes of an attempt's span. */
export function attributesOf(task: TracedCall) {
  return {
    [POOL]: task.poolName,
    [GROUP]: task.groupName,
    [FUNCTION]: task.functionName,
    [TASK_ID]: task.id,
    [INDEX]: task.index,
    [ATTEMPT]: task.attempt,
  };
}
