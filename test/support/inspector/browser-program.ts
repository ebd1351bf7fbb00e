/** A program in a page, with the browser inspector of `@statelyai/inspect`. */

import { createBrowserInspector } from '@statelyai/inspect';
import { type ActorRefFrom, createActor } from 'xstate';
import { acceptEvents } from 'xstate-taskpool/inspect';
import { orderMachine } from './shop.ts';

interface Program {
  start(url: string, hasFrame: boolean): void;
  order: ActorRefFrom<typeof orderMachine> | undefined;
  stop(): void;
}

const program: Program = {
  order: undefined,
  start(url, hasFrame) {
    const page = Reflect.get(globalThis, 'document');
    const iframe = hasFrame ? page.querySelector('iframe') : undefined;
    const inspector = createBrowserInspector(iframe ? { url, iframe } : { url });
    const { inspect } = acceptEvents(inspector);
    program.stop = () => inspector.stop();
    program.order = createActor(orderMachine, { inspect }).start();
    program.order.send({ type: 'ADD', name: 'teapot', price: 30 });
  },
  stop() {},
};

Object.assign(globalThis, { program });
