/** The chart that is read from a config is the one that xstate makes of it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { type Chart, readChart } from '../../src/charts/chart.ts';
import { readConfig } from '../../src/charts/config.ts';
import { anyConfig } from '../support/charts/machines.ts';
import { runs } from '../support/runs.ts';

/** xstate's definitions have neither eventless transitions nor the defaults of history states. */
const inDefinitions = ({ transitions, ...chart }: Chart) => ({
  ...chart,
  transitions: transitions.filter(({ events }) => events.some(({ type }) => type !== '')),
});

test('the chart of a config is the chart of its machine', () => {
  fc.assert(
    fc.property(anyConfig, (config) => {
      const { chart, isCut, missing } = readConfig(JSON.parse(JSON.stringify(config)));
      const { transitions, ...expected } = readChart(createMachine(config).definition);
      const read = inDefinitions(chart);
      expect({ isCut, missing }).toEqual({ isCut: false, missing: [] });
      expect({ name: read.name, root: read.root }).toEqual(expected);
      const text = (each: object) => JSON.stringify(each);
      expect(read.transitions.map(text).sort()).toEqual(transitions.map(text).sort());
    }),
    runs(100),
  );
});

test('whatever is sent as a config is read or refused with an error', () => {
  const cut = fc.constantFrom('[Object]', '[Array]', null, 7, '', [], {});
  fc.assert(
    fc.property(anyConfig, fc.array(fc.nat(200)), cut, (config, places, mark) => {
      let place = 0;
      const text = JSON.stringify(config, (_, value) => (places.includes(place++) ? mark : value));
      try {
        readConfig(JSON.parse(text ?? 'null'));
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect((error as Error).message).toMatch(/^expected /);
      }
    }),
    runs(300),
  );
});
