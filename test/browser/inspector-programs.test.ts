/** Programs that are not ours, after those in xstate's documentation: each is shown as it is. */

import { createWebSocketInspector } from '@statelyai/inspect';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AnyActorRef,
  type AnyStateMachine,
  createActor,
  createMachine,
  waitFor,
} from 'xstate';
import { type InspectorAddress, InspectorServer } from 'xstate-taskpool/inspector';
import { crossingMachine } from '../support/inspector/programs/crossing.ts';
import { factoryMachine } from '../support/inspector/programs/factory.ts';
import { kettleMachine } from '../support/inspector/programs/kettle.ts';
import { playerMachine } from '../support/inspector/programs/player.ts';
import { stationMachine } from '../support/inspector/programs/station.ts';
import { todosMachine } from '../support/inspector/programs/todos.ts';
import { wizardMachine } from '../support/inspector/programs/wizard.ts';
import { findChromium, type Opened, sharedChromium, takePage } from '../support/page/chromium.ts';
import { until } from '../support/page/dashboard.ts';

interface Program {
  readonly machine: AnyStateMachine;
  readonly events: readonly (string | { readonly type: string })[];
  /** The actors that it makes. */
  readonly children?: readonly string[];
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  'parallel states': { machine: crossingMachine, events: ['PUSH', 'TICK', 'TICK'] },
  'history, shallow and deep': {
    machine: playerMachine,
    events: [{ type: 'PLAY', track: 'x' } as never, 'FASTER', 'PAUSE', 'RESUME', 'OFF', 'ON'],
  },
  'invoked actors of every kind': {
    machine: stationMachine,
    events: ['MEASURE', 'FORECAST', 'RESET', 'LISTEN'],
    children: ['counter', 'gauge', 'forecast', 'radio'],
  },
  'spawned actors': {
    machine: todosMachine,
    events: [{ type: 'ADD', text: 'rope' } as never, { type: 'ADD', text: 'net' } as never],
    children: ['todo-0', 'todo-1'],
  },
  'delays and events without a trigger': {
    machine: kettleMachine,
    events: [{ type: 'FILL', litres: 0.1 } as never, 'SWITCH'],
  },
  'states six deep': { machine: wizardMachine, events: ['BEGIN', 'NEXT'] },
  'sixty states': { machine: factoryMachine, events: ['NEXT', 'NEXT', 'REJECT'] },
};

/** The names of the states that are active, in any order. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value as object).flatMap(([name, inside]) => [name, ...namesIn(inside)]);
}

const LIT = `[...document.querySelectorAll('.chart .state.active > .name')].map((each) => each.textContent).sort().join()`;
/** Texts that reach out of the boxes that they are in. */
const SPILT = `[...document.querySelectorAll('.chart .state')].flatMap((state) => {
  const box = state.querySelector('rect').getBoundingClientRect();
  return [...state.querySelectorAll('text')].filter((text) => {
    const { left, right } = text.getBoundingClientRect();
    return left < box.left || right > box.right + 0.5;
  }).map((text) => text.textContent);
})`;

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)(
  'the inspector',
  () => {
    let opened: Opened;
    let page: Page;
    let problems: string[];
    let server: InspectorServer;
    let address: InspectorAddress;
    beforeAll(async () => {
      server = new InspectorServer({ port: 0 });
      address = await server.listen();
      opened = await takePage(await sharedChromium(), { motion: true });
      ({ page, problems } = opened);
      await page.goto(address.url);
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
      await server?.close();
    });

    function connect() {
      // Deeper than by default: see docs/inspector.md.
      return createWebSocketInspector({ url: address.inspectorUrl, serializationDepthLimit: 50 });
    }

    test.each(Object.entries(PROGRAMS))(
      'shows %s',
      async (_, { machine, events, children = [] }) => {
        const inspector = connect();
        const actor: AnyActorRef = createActor(machine, { inspect: inspector.inspect });
        actor.start();
        for (const event of events) {
          actor.send(typeof event === 'string' ? { type: event } : event);
          // What is invoked sends its events in jobs of their own.
          await new Promise((resolve) => setTimeout(resolve));
        }
        if (machine === kettleMachine) await waitFor(actor, ({ context }) => context.beeps === 3);
        const link = page.getByRole('button', { name: machine.id, exact: true });
        await link.last().click();
        const value = (actor.getSnapshot() as { readonly value: unknown }).value;
        await until(page, `${LIT} === ${JSON.stringify(namesIn(value).sort().join())}`);
        expect(await page.evaluate(SPILT)).toEqual([]);
        for (const name of children) {
          // The tree may be painted after the chart.
          await page.getByRole('button', { name, exact: true }).first().waitFor();
        }
        inspector.stop();
        expect(problems).toEqual([]);
      },
    );

    test('lit is what led there: to history, by events that were raised, and what a state answered', async () => {
      const hot = `document.querySelectorAll('.chart .arc.hot').length`;
      await page.getByRole('button', { name: 'player', exact: true }).click();
      await until(page, `${hot} === 1`);
      await page.getByRole('button', { name: 'crossing', exact: true }).click();
      await until(page, `${hot} === 3`);
      await page.getByRole('button', { name: 'station', exact: true }).click();
      await until(page, `document.querySelector('.chart .line.hot')?.textContent === 'HEARD'`);
    });

    test('long names leave room for what can be done, and long texts for other values', async () => {
      const inspector = connect();
      const id = 'aMachineNamedAfterTheWholePathThatItsCodeHas/services/billing/invoices/v2';
      const type = 'com.example.billing.customer.has.confirmed.the.address.of.the.invoice';
      const context = { text: 'x'.repeat(5000), when: 'now' };
      const machine = createMachine({
        id,
        context,
        initial: 'a',
        states: { a: { on: { [type]: 'b' } }, b: {} },
      });
      createActor(machine, { inspect: inspector.inspect }).start().send({ type });
      await page.getByRole('searchbox').fill(id);
      await page.getByRole('button', { name: id, exact: true }).click();
      await page.getByRole('searchbox').fill('');
      await until(page, `document.querySelector('.chart .state.active .name').textContent === 'b'`);
      const inSight = `[...document.querySelectorAll('.chart-panel .cap button')].every((button) => {
        const { left, right } = button.getBoundingClientRect();
        const room = document.querySelector('.chart-panel').getBoundingClientRect();
        const top = document.elementFromPoint((left + right) / 2, button.getBoundingClientRect().top + 6);
        return left > room.left && right < room.right && button.contains(top);
      })`;
      expect(await page.evaluate(inSight)).toBe(true);
      const values = page.getByRole('region', { name: 'The values' });
      expect(await values.evaluate((room) => room.scrollHeight <= room.clientHeight)).toBe(true);
      await page.getByRole('button', { name: '4,602 more characters' }).click();
      await until(page, `document.querySelector('.values .string').textContent.length === 5002`);
      inspector.stop();
    });

    test('what was cut of a definition is said, and the rest drawn', async () => {
      const inspector = createWebSocketInspector({ url: address.inspectorUrl });
      createActor(wizardMachine, { inspect: inspector.inspect }).start().send({ type: 'BEGIN' });
      await page.getByRole('searchbox').fill('wizard');
      await until(page, `document.querySelectorAll('.actors tbody .link').length === 2`);
      await page.getByRole('button', { name: 'wizard', exact: true }).last().click();
      await page.getByText('The program has cut deeper levels').waitFor();
      await page.getByRole('searchbox').fill('');
      inspector.stop();
    });

    test('the transition that was taken runs along its arc, unless people want no motion', async () => {
      const animation = `getComputedStyle(document.querySelector('.chart .pulse')).animationName`;
      await page.getByRole('button', { name: 'factory', exact: true }).click();
      await until(page, `document.querySelector('.chart .pulse') !== null`);
      expect(await page.evaluate(animation)).toBe('run-along');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await page.evaluate(animation)).toBe('none');
      await page.emulateMedia({ reducedMotion: 'no-preference' });
    });

    test('a chart fits its panel, or has the whole page', async () => {
      await page.getByRole('button', { name: 'factory', exact: true }).click();
      const fits = `(() => {
        const room = document.querySelector('.chart-scroll');
        return room.scrollWidth <= room.clientWidth && room.scrollHeight <= room.clientHeight;
      })()`;
      expect(await page.evaluate(fits)).toBe(false);
      await page.getByRole('button', { name: 'Fit' }).click();
      await until(page, fits);
      await page.getByRole('button', { name: 'Expand' }).click();
      const width = `document.querySelector('.chart-panel').clientWidth`;
      expect(Number(await page.evaluate(width))).toBeGreaterThan(1200);
      await page.keyboard.press('Escape');
      await until(page, `document.querySelector('main.expanded') === null`);
    });

    test('chart and sequence are saved as SVG and PNG', async () => {
      const save = async (name: string): Promise<Buffer> => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name }).click(),
        ]);
        return bytesOf(download);
      };
      const svg = (await save('Save the chart as SVG')).toString();
      expect(svg).toMatch(/^<svg [^>]*aria-label="factory"/);
      expect(svg.match(/class="state/g)).toHaveLength(60);
      expect(svg).toContain('class="arc hot"');
      const png = await save('Save the chart as PNG');
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      const [, width] = /width="(\d+)"/.exec(svg) ?? [];
      expect(png.readUInt32BE(16)).toBe(2 * Number(width));
      await page.getByRole('tab', { name: 'Sequence' }).click();
      expect((await save('Save the sequence as SVG')).toString()).toContain('REJECT');
      expect((await save('Save the sequence as PNG')).subarray(1, 4).toString()).toBe('PNG');
      expect(problems).toEqual([]);
    });
  },
);

async function bytesOf(download: Download): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
