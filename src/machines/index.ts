/** The charts and their compiled form: `xstate-taskpool/machines`. */

export { type CompiledChart, type CompiledLogic, compile, REFUSED } from './compile.ts';
export {
  type PoolChartEvent,
  type PoolCounts,
  type PoolFacts,
  poolMachine,
} from './pool-machine.ts';
export { type TaskEvent, type TaskFacts, type TaskOutput, taskMachine } from './task-machine.ts';
