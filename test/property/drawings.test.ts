/** Charts of any machine are drawn so that nothing lies on anything else. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChart } from '../../src/charts/chart.ts';
import { layOut } from '../../src/charts/layout.ts';
import { svgOf } from '../../src/charts/svg.ts';
import { anyDefinition } from '../support/charts/machines.ts';
import { overlapsIn } from '../support/charts/overlaps.ts';
import { runs } from '../support/runs.ts';

const proportion = fc.double({ min: 0.4, max: 4, noNaN: true });

test('no state, label or arc lies on another, whatever the machine and the frame', () => {
  fc.assert(
    fc.property(anyDefinition, proportion, (definition, proportion) => {
      const chart = readChart(definition);
      const drawing = layOut(chart, { proportion });
      expect(overlapsIn(drawing, chart)).toEqual([]);
    }),
    runs(100),
  );
});

test('the same machine is always the same picture', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const draw = () => svgOf(layOut(readChart(definition)), { title: 'm' });
      expect(draw()).toBe(draw());
    }),
    runs(10),
  );
});
