/** Which options journals take, and what else they are called. */

import { OptionBag } from '../kit/option-bag.ts';
import type { SeqRange, TailOptions } from './event-store.ts';
import type { MemoryStoreOptions } from './memory-store.ts';
import type { ReplayOptions } from './replay.ts';

const FROM_SEQ = ['from', 'start', 'after', 'since'];

export const seqRange = new OptionBag<SeqRange>({
  fromSeq: FROM_SEQ,
  toSeq: ['to', 'end', 'until', 'last'],
});
export const tailOptions = new OptionBag<TailOptions>({
  fromSeq: FROM_SEQ,
  signal: ['abortSignal', 'abort'],
});
export const memoryStoreOptions = new OptionBag<MemoryStoreOptions>({
  size: ['max', 'maxSize', 'capacity', 'limit', 'length'],
  bytes: ['maxBytes', 'byteLength', 'memory'],
});
export const replayOptions = new OptionBag<ReplayOptions>({
  until: ['to', 'toSeq', 'end', 'last'],
  from: ['checkpoint', 'snapshot', 'state', 'start'],
});
