/** Functions that run in worker threads: `xstate-taskpool/threads`. */

export { type Movable, move } from './move.ts';
export type { ThreadOptions } from './thread.ts';
export { type InThreads, type Threads, type ThreadsOptions, threads } from './threads.ts';
