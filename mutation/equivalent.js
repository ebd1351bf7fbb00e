/** Mutants that change nothing observable, and why. */

/** Another way leads to the same result: the changed code only saves time or memory. */
const SHORTCUT = 'only a shortcut';
/** The types allow it, or old data could, but it does not occur. */
const NEVER = 'a case that does not occur';
/** Both give the same value. */
const SAME = 'the same value';

/** By the file: a line of code, what is replaced in it by what, and why. */
const EQUIVALENT = {
  'src/pool/results/results.ts': [
    [
      'return { add: () => false, fail: () => false, finish };',
      '() => false',
      '() => undefined',
      SAME,
    ],

    [
      'return this.#sinks.some((sink) => sink.decides === true);',
      'sink.decides === true',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/recovery/settle-tasks.ts': [
    ['if (options.aging !== undefined) {', 'options.aging !== undefined', 'true', SHORTCUT],
    ['if (steps.areDue()) yield;', 'steps.areDue()', 'true', SHORTCUT],
  ],
  'src/pool/recovery/recover.ts': [
    [
      'for (const _ of restoreLimits(core, previous.endedAt)) if (steps.areDue()) yield;',
      'steps.areDue()',
      'true',
      SHORTCUT,
    ],

    ['if (steps.areDue()) yield;', 'steps.areDue()', 'true', SHORTCUT],
  ],
  'src/pool/live/live.ts': [
    [
      "return this.source === 'open' || this.created - this.ended > this.slots;",
      'this.created - this.ended',
      'this.created + this.ended',
      SHORTCUT,
    ],
  ],
  'src/pool/feeds/awaited-feed.ts': [
    [
      'return this.#pending === undefined && this.#items.isSpent;',
      'this.#pending === undefined',
      'true',
      NEVER,
    ],
  ],
  'src/pool/engine/handover.ts': [
    [
      'group.context === context && this.#isNextInLine(group)',
      'group.context === context && this.#isNextInLine(group)',
      'false',
      SHORTCUT,
    ],
    [
      'const isLimited = next.keys !== undefined && !next.holdsKeys;',
      'next.keys !== undefined',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/admission/key.ts': [
    [
      'if (this.#queued?.name !== name || this.#queued.keys !== keys) this.#queued = { name, keys };',
      'this.#queued?.name !== name || this.#queued.keys !== keys',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/admission/limit.ts': [
    [
      'if (this.numbers.rate === null && key.pausedUntil === undefined) this.keys.delete(key.value);',
      'this.numbers.rate === null && key.pausedUntil === undefined',
      'false',
      SHORTCUT,
    ],

    [
      'for (let left = MOST_DROPPED; left > 0 && remembered < 2; left--) {',
      'left > 0',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/actors/xstate-workarounds.ts': [
    ['if (inspectors.size === 0) return;', 'inspectors.size === 0', 'false', SHORTCUT],
  ],
  'src/machines/checkpoint-parts.ts': [
    [
      'if (this.#isMixed) this.#tasks.sort((a, b) => a.id - b.id);',
      'this.#isMixed',
      'true',
      SHORTCUT,
    ],
  ],
  'src/machines/capture.ts': [
    ['if (place !== -1) watches.splice(place, 1);', 'place !== -1', 'false', SHORTCUT],
  ],
  'src/machines/checkpoint-data.ts': [
    ['if (isPlain && task.state === ENDED) {', 'task.state === ENDED', 'true', SAME],
    [
      'const isPlain = task.notes === NO_NOTES && item === undefined && epoch === undefined;',
      'task.notes === NO_NOTES && item === undefined && epoch === undefined',
      'false',
      SHORTCUT,
    ],
    [
      'const isPlain = task.notes === NO_NOTES && item === undefined && epoch === undefined;',
      'item === undefined',
      'item !== undefined',
      SHORTCUT,
    ],
    ['endedAt !== undefined &&', 'endedAt !== undefined', 'endedAt === undefined', SHORTCUT],
  ],
  'src/machines/group-identity.ts': [
    [
      'if (this.later?.attempt !== attempt) this.later = { name: this.name, attempt };',
      'this.later?.attempt !== attempt',
      'true',
      SHORTCUT,
    ],
  ],
  'src/machines/pool-snapshot.ts': [
    [
      "if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {",
      "typeof value === 'object' && value !== null",
      'true',
      SAME,
    ],

    [
      "if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {",
      "typeof value === 'object' && value !== null && !Object.isFrozen(value)",
      "typeof value === 'object' && value !== null || !Object.isFrozen(value)",
      SHORTCUT,
    ],
    ['if (which === true) return [...state.tasks];', 'true', 'false', SHORTCUT],
    ['if (unseen === 0 || tasks.length >= last) break;', 'unseen === 0', 'false', SHORTCUT],
    [
      "if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {",
      'value !== null',
      'true',
      SAME,
    ],
  ],
  'src/machines/restore-checkpoint.ts': [
    [
      'for (const start of starts) record?.start(key, start);',
      'record?.start',
      'record.start',
      NEVER,
    ],
    ['if (tasks.size % STEP === 0) yield;', 'tasks.size % STEP === 0', 'false', SHORTCUT],
  ],
  'src/machines/task-fold.ts': [
    [
      'if (state.watches.length > 0) state.warn(task);',
      'state.watches.length > 0',
      'true',
      SHORTCUT,
    ],
    [
      'if (state.watches.length > 0) state.warn(task);',
      'state.watches.length > 0',
      'state.watches.length >= 0',
      SHORTCUT,
    ],
    [
      'if (keys !== undefined && task.notes.keys === undefined) task.note({ keys });',
      'keys !== undefined && task.notes.keys === undefined',
      'keys !== undefined || task.notes.keys === undefined',
      SHORTCUT,
    ],
  ],
  'src/pool/actors/actors.ts': [
    ['...(inspect === undefined ? {} : { inspect }),', 'inspect === undefined', 'false', SAME],

    ["this.#eager = this.#isInspected || actors === 'eager';", "'eager'", '""', SHORTCUT],

    [
      'if (task.actor !== undefined || this.#eager) this.#step(task, this.#parts.door.event(seq));',
      'task.actor !== undefined || this.#eager',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/engine/runner.ts': [
    [
      'if (task.work.policy !== undefined) attempts.start(task);',
      'task.work.policy !== undefined',
      'true',
      SHORTCUT,
    ],
    ['this.#fail(task, withAttempts(value, run?.earlier));', 'run?.earlier', 'run.earlier', NEVER],

    [
      'if (task.work.policy !== undefined) this.#endAttempt(task, value, hasFailed);',
      'task.work.policy !== undefined',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/engine/sources.ts': [
    [
      'if (task.work.policy !== undefined) attempts.enter(task);',
      'task.work.policy !== undefined',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/feeds/context-feed.ts': [
    ['while (!this.#isClosed) {', '!this.#isClosed', 'true', SHORTCUT],
  ],
  'src/pool/feeds/items-feed.ts': [
    [
      "if (typeof item === 'object' && item !== null) markHandled(item);",
      "typeof item === 'object' && item !== null",
      "typeof item === 'object' || item !== null",
      SHORTCUT,
    ],
    [
      'for (let place = 0; place < items.length; place++) {',
      'place < items.length',
      'place <= items.length',
      SAME,
    ],
  ],
  'src/pool/functions/remote.ts': [['} catch {', '{ return undefined; }', '{}', SAME]],
  'src/pool/live/work.ts': [
    [
      'const isAlike = last !== undefined && last.spreads === spreads && last.policy === policy;',
      'last !== undefined && last.spreads === spreads && last.policy === policy',
      'false',
      SHORTCUT,
    ],
    [
      'if (isAlike && (fn === this.#fn || isOf(fn, last))) return last;',
      'fn === this.#fn',
      'false',
      SHORTCUT,
    ],
    [
      'if (!isPlain(options)) return workOf(fn, spreads, options, policy);',
      '!isPlain(options)',
      'true',
      SHORTCUT,
    ],
    [
      'if (isAlike && (fn === this.#fn || isOf(fn, last))) return last;',
      'fn === this.#fn || isOf(fn, last)',
      'fn === this.#fn && isOf(fn, last)',
      SHORTCUT,
    ],
  ],
  'src/pool/publishing/stopwatch.ts': [
    ['if (end !== undefined) {', 'end !== undefined', 'false', SHORTCUT],
  ],
  'src/pool/recovery/read-journal.ts': [
    ['if (known !== undefined) return known;', 'known !== undefined', 'false', SHORTCUT],
    ['const needs = new Set<string>(storage?.needs);', 'storage?.needs', 'storage.needs', NEVER],

    ['if (steps.areDue()) yield;', 'steps.areDue()', 'true', SHORTCUT],
  ],
  'src/pool/recovery/recovered-submissions.ts': [
    ['if (steps.areDue()) yield;', 'steps.areDue()', 'true', SHORTCUT],

    [
      'submissions.maker.log?.changed(submission);',
      'submissions.maker.log?.changed',
      'submissions.maker.log.changed',
      NEVER,
    ],
  ],
  'src/pool/recovery/stand-by.ts': [
    [
      'journal = await store.takeOver(signal && { signal });',
      'signal && { signal }',
      'signal || { signal }',
      SAME,
    ],
  ],
  'src/pool/results/delivery.ts': [
    [
      'if (group.ended > 0 || group.failure !== undefined) this.#catchUp(group, sink);',
      'group.ended > 0',
      'group.ended >= 0',
      SHORTCUT,
    ],
  ],
  'src/pool/storing/storing.ts': [
    ['return this.#stored.numLeft > 0 || this.#rest.isQuick === true;', 'true', 'false', SHORTCUT],

    ['return (stored?.numLeft ?? 0) < planned;', 'stored?.numLeft', 'stored.numLeft', NEVER],
  ],
  'src/pool/tail.ts': [
    [
      'const isHeavy = ring.totalWeight - this.#weight >= MOST_DATA;',
      'ring.totalWeight - this.#weight >= MOST_DATA',
      'ring.totalWeight - this.#weight > MOST_DATA',
      SHORTCUT,
    ],
  ],
  'src/pool/task-pool.ts': [
    [
      'return options === NO_OPTIONS ? defaults : submitOptions.fill(options, defaults);',
      'options === NO_OPTIONS',
      'false',
      SHORTCUT,
    ],
    [
      "if (options !== NO_OPTIONS) submitOptions.check('submit()', options);",
      'options !== NO_OPTIONS',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/turn/clock.ts': [
    [
      'setTimeout: (fn, ms) => (ms > 0 ? setTimeout(fn, ms) : inNextTurn(fn)),',
      'ms > 0',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/turn/timers.ts': [
    [
      'if (due !== undefined && this.#armed.due <= due) return;',
      'this.#armed.due <= due',
      'this.#armed.due < due',
      SHORTCUT,
    ],
  ],
  'src/pool/turn/turn.ts': [
    ['if (this.#unkept > 0) {', 'this.#unkept > 0', 'this.#unkept >= 0', SHORTCUT],
  ],
  'src/pool/waits/size-waits.ts': [['return false;', 'false', 'true', SHORTCUT]],
  'src/machines/pool-fold.ts': [
    [
      'if (state.watches.length > 0) state.warn(task);',
      'state.watches.length > 0',
      'state.watches.length >= 0',
      SHORTCUT,
    ],

    ['if (state.slots > 0) {', 'state.slots > 0', 'state.slots >= 0', SHORTCUT],
  ],
  'src/pool/admission/admission.ts': [
    ['readonly allowsRelay = true;', 'true', 'false', SHORTCUT],
    [
      'if (limits === undefined || group.lanes !== undefined) return;',
      'limits === undefined',
      'false',
      NEVER,
    ],
    ['this.limits?.stop(task);', 'this.limits?.stop', 'this.limits.stop', NEVER],
    [
      'task.note(this.limits?.claim(task, keys) ?? { keys });',
      'this.limits?.claim',
      'this.limits.claim',
      NEVER,
    ],
    ['this.limits?.prepare(task);', 'this.limits?.prepare', 'this.limits.prepare', NEVER],
    ['this.limits?.start(task);', 'this.limits?.start', 'this.limits.start', NEVER],
    [
      'return group.lanes === undefined || this.limits?.passesOn(task, head) === true;',
      'this.limits?.passesOn',
      'this.limits.passesOn',
      NEVER,
    ],
    [
      'return this.limits?.passesOn(task, task) === true;',
      'this.limits?.passesOn',
      'this.limits.passesOn',
      NEVER,
    ],
    [
      'return this.isEmpty && this.#isOpen && this.admits(group) && !this.priorities.haveAging;',
      'this.isEmpty && this.#isOpen && this.admits(group) && !this.priorities.haveAging',
      'false',
      SHORTCUT,
    ],
    [
      'if (group.terms?.hasFunctions === true || group.feed.hasMore !== true) return false;',
      'group.terms?.hasFunctions === true || group.feed.hasMore !== true',
      'true',
      SHORTCUT,
    ],
    [
      'return group.lanes === undefined || this.limits?.passesOn(task, head) === true;',
      'this.limits?.passesOn(task, head) === true',
      'false',
      SHORTCUT,
    ],
    [
      'if (group.numBehind > 0 && (group.lanes !== undefined || group.isSubmitted)) return false;',
      'group.numBehind > 0',
      'true',
      SHORTCUT,
    ],
    [
      'if (group.numBehind > 0 && (group.lanes !== undefined || group.isSubmitted)) return false;',
      'group.numBehind > 0',
      'group.numBehind >= 0',
      SHORTCUT,
    ],
    ['if (group.score === head.score) return;', 'group.score === head.score', 'false', SHORTCUT],

    [
      'if (code === Code.taskEnded) this.limits?.release(task);',
      'this.limits?.release',
      'this.limits.release',
      NEVER,
    ],
  ],
  'src/pool/attempt/errors.ts': [
    [
      'export function withAttempts(error: unknown, earlier: readonly unknown[] = []): unknown {',
      '[]',
      '["Stryker was here"]',
      NEVER,
    ],
  ],
  'src/pool/engine/queued.ts': [
    [
      'return only?.notes?.keys === keys ? only.queuedIn(name, keys) : { name, keys };',
      'only?.notes?.keys === keys',
      'false',
      SHORTCUT,
    ],
    [
      'if (!hasItem && keys === undefined && priority === undefined) return group.identity;',
      '!hasItem && keys === undefined && priority === undefined',
      'false',
      SHORTCUT,
    ],
  ],
  'src/pool/engine/scheduler.ts': [
    [
      'if (group.head === undefined && group.backlog !== undefined) group.advance();',
      'group.backlog !== undefined',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/feeds/feed.ts': [['get isQuick(): boolean {', '{ return true; }', '{}', SHORTCUT]],
  'src/pool/persistence/journal-writer.ts': [
    [
      'if (!isLight) for (let seq = first; seq < end; seq++) this.#written += weightAt(ring, seq);',
      '!isLight',
      'true',
      SHORTCUT,
    ],

    [
      'function takesColumns(store: EventStore): store is ColumnStore {',
      "{ return 'appendColumns' in store; }",
      '{}',
      SHORTCUT,
    ],
    [
      'const isLight = ring.totalWeight === this.#written;',
      'ring.totalWeight === this.#written',
      'false',
      SHORTCUT,
    ],
  ],
  'src/pool/persistence/sync-journal-writer.ts': [
    [
      'if (batch.length > 0 && weight + added > BATCH_BYTES) {',
      'weight + added > BATCH_BYTES',
      'weight + added >= BATCH_BYTES',
      SHORTCUT,
    ],
  ],
  'src/pool/submissions/submission-feed.ts': [
    ['return true;', 'true', 'false', SHORTCUT],
    [
      'if (this.#plain.length <= LEFT + 2 * this.#numPlain) return;',
      'this.#plain.length <= LEFT + 2 * this.#numPlain',
      'this.#plain.length > LEFT + 2 * this.#numPlain',
      SHORTCUT,
    ],

    [
      '#compactIfSparse(): void {',
      '{ this.#ranked?.compact(); if (this.#plain.length <= LEFT + 2 * this.#numPlain) return; const waiting = [...this.#plain]…',
      '{}',
      SHORTCUT,
    ],
    [
      'if (this.#isRanked(submission)) this.#ranked?.left();',
      'this.#ranked?.left',
      'this.#ranked.left',
      NEVER,
    ],
    [
      'if (this.#plain.length <= LEFT + 2 * this.#numPlain) return;',
      '2 * this.#numPlain',
      '2 / this.#numPlain',
      SHORTCUT,
    ],
  ],
  'src/pool/submissions/waiting-submissions.ts': [
    ['if (place >= limit) return;', 'place >= limit', 'place > limit', SAME],
  ],
  'src/pool/recovery/recovered-limits.ts': [
    ['if (limit === undefined) continue;', 'limit === undefined', 'false', NEVER],
    [
      'const limit = admission.limits?.get(name);',
      'admission.limits?.get',
      'admission.limits.get',
      NEVER,
    ],
    ['if (left > 0) key.pausedUntil = now + left;', 'left > 0', 'true', SHORTCUT],
    ['if (left > 0) key.pausedUntil = now + left;', 'left > 0', 'left >= 0', SHORTCUT],
  ],
  'src/pool/recovery/reattach.ts': [
    [
      'for (const task of state.slots === 0 ? [] : state.tasks) {',
      'state.slots === 0',
      'false',
      SHORTCUT,
    ],
    [
      'return call === undefined ? group.work : calleeOfCall(group, call).work;',
      'call === undefined',
      'false',
      NEVER,
    ],
  ],
  'src/pool/recovery/recovered-source.ts': [
    ['if (Array.isArray(items)) {', 'Array.isArray(items)', 'false', SHORTCUT],
    [
      'if (storage?.args !== undefined) return new RepeatFeed(storage.args, (planned ?? 0) - created);',
      'storage?.args',
      'storage.args',
      NEVER,
    ],
    [
      'const isComplete = planned !== undefined && from >= planned;',
      'planned !== undefined',
      'true',
      SAME,
    ],
  ],
  'src/pool/admission/terms.ts': [
    ['if (key === this.#last[place]) continue;', 'key === this.#last[place]', 'false', SHORTCUT],
    [
      'if (this.#keys !== undefined) return this.#keys;',
      'this.#keys !== undefined',
      'false',
      SHORTCUT,
    ],
  ],
  'src/pool/admission/lanes.ts': [
    [
      'if (this.#bays.size > 0) for (const key of keys) this.#bays.get(key)?.serve();',
      'this.#bays.size > 0',
      'true',
      SHORTCUT,
    ],
    [
      'if (this.#bays.size > 0) for (const key of keys) this.#bays.get(key)?.serve();',
      'this.#bays.size > 0',
      'this.#bays.size >= 0',
      SHORTCUT,
    ],
  ],
  'src/pool/submissions/making.ts': [
    ["if (known?.source === 'open') return known;", "known?.source === 'open'", 'false', SHORTCUT],
  ],
  'src/pool/submissions/unique-keys.ts': [
    [
      'if (holder?.next === submission) holder.next = undefined;',
      'holder?.next',
      'holder.next',
      NEVER,
    ],
  ],
  'src/pool/submissions/ranked-line.ts': [
    [
      'if (this.#numLeft > LEFT + this.length) this.reorder();',
      'LEFT + this.length',
      'LEFT - this.length',
      SHORTCUT,
    ],
    [
      'if (this.#byRank.size > SPARE) this.#byRank.delete(bucket.rank);',
      'this.#byRank.size > SPARE',
      'true',
      SHORTCUT,
    ],
  ],
  'src/pool/submissions/submissions.ts': [
    [
      'const present = unique === undefined ? undefined : this.keys.get(unique);',
      'unique === undefined',
      'false',
      SAME,
    ],
  ],
  'src/pool/feeds/async-feed.ts': [["this.#state = 'pulling';", "'pulling'", '""', SAME]],
  'src/machines/id-table.ts': [
    ['if (page.count === 0) this.#pages.pop();', 'page.count === 0', 'false', SHORTCUT],
  ],
  'src/pool/door/door.ts': [
    [
      'this.#watching[code]?.every(({ allowsRelay }) => allowsRelay === true),',
      'this.#watching[code]?.every',
      'this.#watching[code].every',
      NEVER,
    ],
  ],
  'src/pool/admission/limits.ts': [
    [
      'return group.lanes?.followerAt(key);',
      'group.lanes?.followerAt',
      'group.lanes.followerAt',
      NEVER,
    ],
  ],
};

/** @returns {string | undefined} why nothing can notice the mutant; undefined if something could */
export function whyEquivalent(mutant) {
  const listed = EQUIVALENT[mutant.file]?.find(
    ([code, from, to]) => code === mutant.code && from === mutant.from && to === mutant.to,
  );
  return listed?.[3];
}
