/** Cases for following new events. */

import { getEventListeners } from 'node:events';
import { equal } from '../expecting.ts';
import { all, Cursor, isPending, range } from './batches.ts';
import { addWithStores, type Parts } from './kind.ts';
import { eventsInARow } from './samples.ts';

export function addTails(parts: Parts): void {
  parts.contract.about('tail');
  const add = addWithStores.bind(undefined, parts);

  add('yields what is there, and after that what comes', async (stores) => {
    const store = await stores.filled(3);
    const tail = new Cursor(store.tail());
    equal(await tail.take(3), [0, 1, 2]);
    const next = tail.next();
    await isPending(next);
    await store.append(eventsInARow(3, 2));
    equal((await next)?.seq, 3);
    equal(await tail.take(1), [4]);
  });

  add('starts where it is asked to, even at a seq that does not exist yet', async (stores) => {
    const store = await stores.filled(3);
    const late = new Cursor(store.tail({ fromSeq: 2 }));
    const future = new Cursor(store.tail({ fromSeq: 4 }));
    equal(await late.take(1), [2]);
    const next = future.next();
    await store.append(eventsInARow(3, 3));
    equal((await next)?.seq, 4);
    equal(await late.take(3), [3, 4, 5]);
  });

  add('starts with the first event, whatever its seq is going to be', async (stores) => {
    const store = await stores.make();
    const next = new Cursor(store.tail()).next();
    await isPending(next);
    await store.append(eventsInARow(100, 2));
    equal((await next)?.seq, 100);
  });

  add('never skips, however many come while nobody asks', async (stores) => {
    const store = await stores.make();
    const tails = [new Cursor(store.tail()), new Cursor(store.tail())];
    const first = tails.map((tail) => tail.take(5));
    for (let from = 0; from < 5000; from += 500) await store.append(eventsInARow(from, 500));
    for (const taken of first) equal(await taken, range(0, 4));
    for (const tail of tails) equal(await tail.take(4995), range(5, 4999));
  });

  add('ends with its signal, and leaves no listener', async (stores) => {
    const store = await stores.filled(1);
    const controller = new AbortController();
    const { signal } = controller;
    const tail = new Cursor(store.tail({ signal }));
    await tail.take(1);
    const next = tail.next();
    await isPending(next);
    controller.abort();
    equal(await next, undefined);
    equal(getEventListeners(signal, 'abort'), []);
    equal(await all(store.tail({ signal: AbortSignal.abort() })), []);
  });

  add('ends when the store is closed', async (stores) => {
    const store = await stores.filled(1);
    const tail = new Cursor(store.tail());
    await tail.take(1);
    const next = tail.next();
    await store.close();
    equal(await next, undefined);
  });
}
