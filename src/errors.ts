/**
 * Every error this package throws on purpose.
 *
 * Each class carries a stable `code` equal to its name. Compare the code where `instanceof` fails: across realms,
 * bundles and processes.
 */

/** The base of every error of this package. */
export abstract class TaskPoolError extends Error {
  /** Stable identifier, equal to the name of the class. */
  abstract readonly code: string;
}

/** The pool is closing or closed: it accepts no new work and no `unlock()`, and once closed no changes. */
export class PoolIsClosed extends TaskPoolError {
  readonly code = 'PoolIsClosed';
  override readonly name = this.code;
}

/**
 * The pool was suspended: its work continues in the process that recovers its journal. The `cause` is the `reason`
 * given to `suspend()`.
 */
export class PoolSuspended extends TaskPoolError {
  readonly code = 'PoolSuspended';
  override readonly name = this.code;
}

/** The pool is locked, or its journal has failed: it accepts no new work. */
export class PoolIsLocked extends TaskPoolError {
  readonly code = 'PoolIsLocked';
  override readonly name = this.code;
}

/** The pool knows no task with this id, or no submission with this key: it never existed or was forgotten. */
export class TaskNotFound extends TaskPoolError {
  readonly code = 'TaskNotFound';
  override readonly name = this.code;
}

/** The task was cancelled before; its cancel callback has not finished yet. */
export class AlreadyCancelled extends TaskPoolError {
  readonly code = 'AlreadyCancelled';
  override readonly name = this.code;
}

/** The task has ended; nothing is left to cancel. */
export class AlreadyEnded extends TaskPoolError {
  readonly code = 'AlreadyEnded';
  override readonly name = this.code;
}

/** The pool has no group of this name: it never existed, was cancelled, or was forgotten. */
export class TaskGroupNotFound extends TaskPoolError {
  readonly code = 'TaskGroupNotFound';
  override readonly name = this.code;
}

/** The pool has no limit of this name. */
export class LimitNotFound extends TaskPoolError {
  readonly code = 'LimitNotFound';
  override readonly name = this.code;
}

/** The name given for a new group is in use. */
export class TaskGroupAlreadyExists extends TaskPoolError {
  readonly code = 'TaskGroupAlreadyExists';
  override readonly name = this.code;
}

/** A task that has not ended: an entry of `tasks` of {@link GaveUpWaiting}. */
export interface UnfinishedTask {
  /** The id of the task. */
  readonly id: number;
  /** The name of its group. */
  readonly groupName: string;
  /** As `pool.task(id).state`. */
  readonly state: string;
  /** Milliseconds since it started; undefined if it is waiting. */
  readonly ran: number | undefined;
}

/**
 * Another submission with the same `unique` key is pending or running: this one was refused, or it was cancelled to
 * make room for the other. See the option `onDuplicate`.
 */
export class DuplicateTask extends TaskPoolError {
  readonly code = 'DuplicateTask';
  override readonly name = this.code;
}

/**
 * A wait was ended early: its signal was aborted, or its `grace` ran out. The `cause` is the reason of the signal.
 */
export class GaveUpWaiting extends TaskPoolError {
  readonly code = 'GaveUpWaiting';
  override readonly name = this.code;
  /** The tasks that have not ended, at most 100; running ones first. */
  readonly tasks: readonly UnfinishedTask[];

  constructor(message: string, tasks: readonly UnfinishedTask[], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.tasks = tasks;
  }
}

/** A value that is not callable was passed where a function is needed. */
export class NotAFunction extends TaskPoolError {
  readonly code = 'NotAFunction';
  override readonly name = this.code;
}

/** The results are gone: the pool's option `retain` released them, or they were already consumed. */
export class ResultsNotRetained extends TaskPoolError {
  readonly code = 'ResultsNotRetained';
  override readonly name = this.code;
}

/** A bounded queue, or a pool with `maxQueued`, has no room for another item. */
export class QueueFull extends TaskPoolError {
  readonly code = 'QueueFull';
  override readonly name = this.code;
}

/** `getNowait` was called on an empty queue. */
export class QueueEmpty extends TaskPoolError {
  readonly code = 'QueueEmpty';
  override readonly name = this.code;
}

/**
 * A function or a callback of a pool was about to wait for itself: for the whole pool, for its own
 * group, or, in a callback, for the callbacks.
 */
export class WouldDeadlock extends TaskPoolError {
  readonly code = 'WouldDeadlock';
  override readonly name = this.code;
}

/** A chart uses a statechart feature that has no compiled form. */
export class ChartNotCompilable extends TaskPoolError {
  readonly code = 'ChartNotCompilable';
  override readonly name = this.code;
}

/** An event was recorded or replayed that the chart does not allow in the current state. */
export class IllegalTransition extends TaskPoolError {
  readonly code = 'IllegalTransition';
  override readonly name = this.code;
}

/** An event was appended or replayed whose `seq` does not follow that of the previous one. */
export class StoreGap extends TaskPoolError {
  readonly code = 'StoreGap';
  override readonly name = this.code;
}

/** Events were requested that the store has already dropped. */
export class StorePruned extends TaskPoolError {
  readonly code = 'StorePruned';
  override readonly name = this.code;
}

/** A call cannot be stored in the journal: a value would not survive JSON, or the function is not registered. */
export class NotStorable extends TaskPoolError {
  readonly code = 'NotStorable';
  override readonly name = this.code;
}

/** A journal does not contain what is needed to continue its work. */
export class NotRecoverable extends TaskPoolError {
  readonly code = 'NotRecoverable';
  override readonly name = this.code;
}

/** A journal names functions that are missing from the `functions` of the recovery. */
export class FunctionNotRegistered extends TaskPoolError {
  readonly code = 'FunctionNotRegistered';
  override readonly name = this.code;
}

/** The source of a group cannot be continued at the item where the previous process stopped. */
export class SourceNotSeekable extends TaskPoolError {
  readonly code = 'SourceNotSeekable';
  override readonly name = this.code;
}

/** The process that ran the task died, and the task is not run again: see `onInterrupted` and `maxInterruptions`. */
export class TaskInterrupted extends TaskPoolError {
  readonly code = 'TaskInterrupted';
  override readonly name = this.code;
}

/**
 * A task reached one of its time limits. The `cause` is what its function threw after its signal was aborted, unless
 * that was this error.
 */
export class TaskTimedOut extends TaskPoolError {
  readonly code = 'TaskTimedOut';
  override readonly name = this.code;
  /** The option that set the limit. */
  readonly which: 'timeout' | 'waitTimeout' | 'deadline';
  /** The limit, in milliseconds. */
  readonly ms: number;

  constructor(message: string, which: TaskTimedOut['which'], ms: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.which = which;
    this.ms = ms;
  }
}

/** The store was used after `close()`. */
export class StoreClosed extends TaskPoolError {
  readonly code = 'StoreClosed';
  override readonly name = this.code;
}

/** Another process, or another store in this process, is writing to the journal. */
export class StoreLocked extends TaskPoolError {
  readonly code = 'StoreLocked';
  override readonly name = this.code;
}

/** The contents of a store are damaged: they differ from what was appended. */
export class StoreCorrupt extends TaskPoolError {
  readonly code = 'StoreCorrupt';
  override readonly name = this.code;
  /** The `seq` of the first damaged event; all events before it are intact. */
  readonly seq: number;

  constructor(message: string, seq: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.seq = seq;
  }
}

/** Nothing more can be stored: the disk or the quota is full. */
export class StoreFull extends TaskPoolError {
  readonly code = 'StoreFull';
  override readonly name = this.code;
}

/** The file, directory or key of a store was removed or replaced while the store was open. */
export class StoreRemoved extends TaskPoolError {
  readonly code = 'StoreRemoved';
  override readonly name = this.code;
}

/** The server that holds the store has not answered for too long. */
export class StoreUnreachable extends TaskPoolError {
  readonly code = 'StoreUnreachable';
  override readonly name = this.code;
}

/**
 * The driver of a store is not installed: `node:sqlite` or the optional dependency `libsql`, or for Redis the
 * optional dependency `ioredis`.
 */
export class StoreDriverMissing extends TaskPoolError {
  readonly code = 'StoreDriverMissing';
  override readonly name = this.code;
}

/**
 * The thread or worker that ran a function is gone: it crashed, ran out of memory or died. The attempt has failed;
 * the option `retry` decides whether another follows.
 */
export class WorkerLost extends TaskPoolError {
  readonly code = 'WorkerLost';
  override readonly name = this.code;
}

/** An argument cannot be sent to the thread or machine that runs a function, or its result cannot be sent back. */
export class CannotTravel extends TaskPoolError {
  readonly code = 'CannotTravel';
  override readonly name = this.code;
  /** Which value: `arguments[0].headers`, for instance. */
  readonly path: string;

  constructor(message: string, path: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

/** The thread or worker that should run the function has none of this name. */
export class NoSuchRemoteFunction extends TaskPoolError {
  readonly code = 'NoSuchRemoteFunction';
  override readonly name = this.code;
}

/** The worker has other functions than the pool asks for: their versions differ. */
export class WrongWorkerVersion extends TaskPoolError {
  readonly code = 'WrongWorkerVersion';
  override readonly name = this.code;
}

/** Another process has taken over the work of this pool, so calls of this one are refused. */
export class PoolTakenOver extends TaskPoolError {
  readonly code = 'PoolTakenOver';
  override readonly name = this.code;
}
