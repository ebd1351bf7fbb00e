/** The names of attributes, after the semantic conventions of OpenTelemetry. */

export const POOL = 'taskpool.pool.name';
export const GROUP = 'taskpool.group.name';
export const STATE = 'taskpool.task.state';
export const OUTCOME = 'taskpool.task.outcome';
export const TASK_ID = 'taskpool.task.id';
export const INDEX = 'taskpool.task.index';
export const ATTEMPT = 'taskpool.task.attempt';
export const FUNCTION = 'code.function.name';
export const ERROR_TYPE = 'error.type';
