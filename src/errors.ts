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

/** New work or `unlock()` was asked of a pool that is closing or closed. */
export class PoolIsClosed extends TaskPoolError {
  override readonly name = 'PoolIsClosed';
  readonly code = 'PoolIsClosed';
}

/**
 * The pool was suspended: its work continues where its journal is recovered, and not here. The `cause` is
 * the reason that was given.
 */
export class PoolSuspended extends TaskPoolError {
  override readonly name = 'PoolSuspended';
  readonly code = 'PoolSuspended';
}

/** New work was asked of a locked pool. */
export class PoolIsLocked extends TaskPoolError {
  override readonly name = 'PoolIsLocked';
  readonly code = 'PoolIsLocked';
}

/** No task with this id is remembered: it never existed, or its record was dropped. */
export class TaskNotFound extends TaskPoolError {
  override readonly name = 'TaskNotFound';
  readonly code = 'TaskNotFound';
}

/** The task was cancelled before; its cancel callback has not finished yet. */
export class AlreadyCancelled extends TaskPoolError {
  override readonly name = 'AlreadyCancelled';
  readonly code = 'AlreadyCancelled';
}

/** The task has ended; nothing is left to cancel. */
export class AlreadyEnded extends TaskPoolError {
  override readonly name = 'AlreadyEnded';
  readonly code = 'AlreadyEnded';
}

/** No group of this name is known: it never existed, was cancelled, or was forgotten. */
export class TaskGroupNotFound extends TaskPoolError {
  override readonly name = 'TaskGroupNotFound';
  readonly code = 'TaskGroupNotFound';
}

/** The pool has no limit of this name. */
export class LimitNotFound extends TaskPoolError {
  override readonly name = 'LimitNotFound';
  readonly code = 'LimitNotFound';
}

/** The name given for a new group is in use. */
export class TaskGroupAlreadyExists extends TaskPoolError {
  override readonly name = 'TaskGroupAlreadyExists';
  readonly code = 'TaskGroupAlreadyExists';
}

/** A task that has not ended, as an error tells of it. */
export interface UnfinishedTask {
  readonly id: number;
  readonly groupName: string;
  /** As `pool.task(id).state`. */
  readonly state: string;
  /** Milliseconds since it started; undefined for one that waits. */
  readonly ran: number | undefined;
}

/**
 * A submission with the same `unique` key is not over: this one was refused, or it was cancelled to make
 * room for another.
 */
export class DuplicateTask extends TaskPoolError {
  override readonly name = 'DuplicateTask';
  readonly code = 'DuplicateTask';
}

/**
 * A wait was ended by its signal, or by its `grace`, before what it waited for was there. The `cause` is
 * the reason of the signal.
 */
export class GaveUpWaiting extends TaskPoolError {
  override readonly name = 'GaveUpWaiting';
  readonly code = 'GaveUpWaiting';
  /** What has not ended: at most 100, those that run first. */
  readonly tasks: readonly UnfinishedTask[];

  constructor(message: string, tasks: readonly UnfinishedTask[], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.tasks = tasks;
  }
}

/** Something that is not callable was given where a function is needed. */
export class NotAFunction extends TaskPoolError {
  override readonly name = 'NotAFunction';
  readonly code = 'NotAFunction';
}

/** Results were asked for after the pool's `retain` option had let them go, or they were consumed. */
export class ResultsNotRetained extends TaskPoolError {
  override readonly name = 'ResultsNotRetained';
  readonly code = 'ResultsNotRetained';
}

/** A bounded queue, or a pool with `maxQueued`, has no room for another item. */
export class QueueFull extends TaskPoolError {
  override readonly name = 'QueueFull';
  readonly code = 'QueueFull';
}

/** `getNowait` was called on an empty queue. */
export class QueueEmpty extends TaskPoolError {
  override readonly name = 'QueueEmpty';
  readonly code = 'QueueEmpty';
}

/**
 * A function or a callback of a pool was about to wait for itself: for the whole pool, for its own
 * group, or, in a callback, for the callbacks.
 */
export class WouldDeadlock extends TaskPoolError {
  override readonly name = 'WouldDeadlock';
  readonly code = 'WouldDeadlock';
}

/** A chart uses a statechart feature that has no compiled form. */
export class ChartNotCompilable extends TaskPoolError {
  override readonly name = 'ChartNotCompilable';
  readonly code = 'ChartNotCompilable';
}

/** An event was recorded, or replayed, that the chart does not allow in the present state. */
export class IllegalTransition extends TaskPoolError {
  override readonly name = 'IllegalTransition';
  readonly code = 'IllegalTransition';
}

/** An event was appended, or replayed, whose `seq` does not follow the one before. */
export class StoreGap extends TaskPoolError {
  override readonly name = 'StoreGap';
  readonly code = 'StoreGap';
}

/** Events were asked for that the store has already dropped. */
export class StorePruned extends TaskPoolError {
  override readonly name = 'StorePruned';
  readonly code = 'StorePruned';
}

/** What a journal is to hold would not survive JSON, or names no registered function. */
export class NotStorable extends TaskPoolError {
  override readonly name = 'NotStorable';
  readonly code = 'NotStorable';
}

/** A journal does not hold what it takes to continue its work. */
export class NotRecoverable extends TaskPoolError {
  override readonly name = 'NotRecoverable';
  readonly code = 'NotRecoverable';
}

/** A journal names functions that the recovery of a pool was not given. */
export class FunctionNotRegistered extends TaskPoolError {
  override readonly name = 'FunctionNotRegistered';
  readonly code = 'FunctionNotRegistered';
}

/** The source of a group cannot be continued where another process left it. */
export class SourceNotSeekable extends TaskPoolError {
  override readonly name = 'SourceNotSeekable';
  readonly code = 'SourceNotSeekable';
}

/** The process that ran the task has died, and it is not to be run again. */
export class TaskInterrupted extends TaskPoolError {
  override readonly name = 'TaskInterrupted';
  readonly code = 'TaskInterrupted';
}

/**
 * A task has reached one of its time limits. The `cause` is what its function threw after its signal
 * was aborted, where that was something else than this error.
 */
export class TaskTimedOut extends TaskPoolError {
  override readonly name = 'TaskTimedOut';
  readonly code = 'TaskTimedOut';
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
  override readonly name = 'StoreClosed';
  readonly code = 'StoreClosed';
}

/** The journal is being written by another process, or by another store of this one. */
export class StoreLocked extends TaskPoolError {
  override readonly name = 'StoreLocked';
  readonly code = 'StoreLocked';
}

/** What a store holds is damaged: it is not what was appended. */
export class StoreCorrupt extends TaskPoolError {
  override readonly name = 'StoreCorrupt';
  readonly code = 'StoreCorrupt';
  /** The first event that cannot be relied on; everything before it can. */
  readonly seq: number;

  constructor(message: string, seq: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.seq = seq;
  }
}

/** There is no room for what is to be stored: the disk or the quota is full. */
export class StoreFull extends TaskPoolError {
  override readonly name = 'StoreFull';
  readonly code = 'StoreFull';
}

/** What a store is kept in was removed, or replaced by something else, while the store was open. */
export class StoreRemoved extends TaskPoolError {
  override readonly name = 'StoreRemoved';
  readonly code = 'StoreRemoved';
}

/** What a store is kept in, on another machine, has not answered for too long. */
export class StoreUnreachable extends TaskPoolError {
  override readonly name = 'StoreUnreachable';
  readonly code = 'StoreUnreachable';
}

/**
 * What a store stands on is not installed: `node:sqlite` or the optional dependency `libsql`, or for one in
 * Redis the optional dependency `ioredis`.
 */
export class StoreDriverMissing extends TaskPoolError {
  override readonly name = 'StoreDriverMissing';
  readonly code = 'StoreDriverMissing';
}

/**
 * What ran a function elsewhere is gone: its thread has crashed or ran out of memory, or its worker has
 * died. The attempt has failed; `retry` says whether another follows.
 */
export class WorkerLost extends TaskPoolError {
  override readonly name = 'WorkerLost';
  readonly code = 'WorkerLost';
}

/** An argument or a result cannot be sent to where a function runs, or back. */
export class CannotTravel extends TaskPoolError {
  override readonly name = 'CannotTravel';
  readonly code = 'CannotTravel';
  /** What cannot: `arguments[0].headers`, for instance. */
  readonly path: string;

  constructor(message: string, path: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

/** There is no function of this name where it is to run. */
export class NoSuchRemoteFunction extends TaskPoolError {
  override readonly name = 'NoSuchRemoteFunction';
  readonly code = 'NoSuchRemoteFunction';
}

/** The functions that a worker has are not those that were asked for: their versions differ. */
export class WrongWorkerVersion extends TaskPoolError {
  override readonly name = 'WrongWorkerVersion';
  readonly code = 'WrongWorkerVersion';
}

/** Another process continues the work of this pool: the calls of this one are refused. */
export class PoolTakenOver extends TaskPoolError {
  override readonly name = 'PoolTakenOver';
  readonly code = 'PoolTakenOver';
}
