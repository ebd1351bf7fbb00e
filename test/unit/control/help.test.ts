/** The help texts. */

import { describe, expect, test } from 'vitest';
import { COMMANDS } from 'xstate-taskpool/control';
import { Talk } from '../../support/control/talk.ts';
import { simplePool, taskPool, untilAborted } from '../../support/pools.ts';

const task = () => taskPool({ name: 'p' });
const simple = () => simplePool(untilAborted, [], { name: 'p' });

describe('help on everything', () => {
  test.each(['-h', '--help', 'help', 'HELP', 'help -- '])('is what %s shows', async (line) => {
    const help = await new Talk(task()).ask(line);
    expect(help).toMatch(/^usage: COMMAND \[ARGUMENT \.\.\.\]\n\nThe commands of TaskPool-p\./);
  });

  test('lists what the pool has, and no more', async () => {
    const listed = async (talk: Talk) =>
      [...(await talk.ask('-h')).matchAll(/^ {2}([a-z-]+)\b/gm)].map(([, name]) => name);
    const ofTaskPool = await listed(new Talk(task()));
    const ofSimplePool = await listed(new Talk(simple()));
    expect(ofTaskPool).toEqual(expect.arrayContaining(['apply', 'map', 'pool-size', 'exit']));
    expect(ofTaskPool).not.toContain('start');
    expect(ofSimplePool).toEqual(expect.arrayContaining(['start', 'stop-all', 'pool-size']));
    expect(ofSimplePool).not.toContain('apply');
    expect(new Set([...ofTaskPool, ...ofSimplePool]).size).toBe(Object.keys(COMMANDS).length);
  });
});

describe('help on a command', () => {
  test('shows its parameters and their defaults', async () => {
    const talk = new Talk(task());
    const help = [
      'usage: map [-h] [-n N] [-g NAME] [-e FUNC] [-c FUNC] [-t MS] [-d MS] [-r N] FUNC',
      '           ITEMS',
      '',
      'Run a function for each item.',
      '',
      'arguments:',
      '  FUNC              the name of the function',
      '  ITEMS             an array with the argument of each task',
      '',
      'options:',
      '  -h, --help        show this help',
      '  -n, --num-concurrent N',
      '                    how many may run at once; without it all slots, or 1 in a',
      '                    pool without a size: a positive integer or Infinity',
      '  -g, --group-name NAME',
      '                    the name of the group',
      '  -e, --end-callback FUNC',
      '                    a function to call with the id of each task that ended',
      '  -c, --cancel-callback FUNC',
      '                    a function to call with the id of each cancelled task,',
      '                    before that',
      '  -t, --timeout MS  how long each attempt of a task may take: a number of',
      '                    milliseconds above 0',
      '  -d, --deadline MS',
      '                    how long a task may take with all its attempts: a number of',
      '                    milliseconds above 0',
      '  -r, --retry N     how many times a failed task is retried: a non-negative',
      '                    integer or Infinity',
    ].join('\n');
    expect(await talk.ask('map -h')).toBe(help);
    expect(await talk.ask('map worker --help [1')).toMatch(/^expected \]/);
    expect(await talk.ask('map worker --help')).toBe(help);
    expect(await talk.ask('help map')).toBe(help);
    expect(await talk.ask('Help MAP')).toBe(help);
  });

  test('shows how many values a parameter takes', async () => {
    const usage = async (command: string) =>
      (await new Talk(simple()).ask(`${command} -h`)).split('\n')[0];
    expect(await usage('cancel')).toBe('usage: cancel [-h] ID [ID ...]');
    expect(await usage('watch')).toBe('usage: watch [-h] [-s SEQ] [TYPE ...]');
    expect(await usage('pool-size')).toBe('usage: pool-size [-h] [N]');
    expect(await usage('gather-and-close')).toBe('usage: gather-and-close [-h] [-r]');
  });

  test('is refused for what is no command', async () => {
    const talk = new Talk(task());
    expect(await talk.ask('help foo')).toBe("expected a command, got 'foo' (-h lists them)");
    expect(await talk.ask('foo -h')).toBe("expected a command, got 'foo' (-h lists them)");
    expect(await talk.ask('start -h')).toBe(
      "expected a command of TaskPool, got 'start' of SimpleTaskPool",
    );
  });
});

describe.each([40, 60, 80, 200])('in a terminal of %i columns', (width) => {
  test.each([
    ['TaskPool', task],
    ['SimpleTaskPool', simple],
  ])('no line of the help of %s is longer', async (kind, make) => {
    const talk = new Talk(make(), { width });
    const texts = [await talk.ask('-h')];
    for (const [name, { of }] of Object.entries(COMMANDS)) {
      if (of !== kind && of !== 'every pool') continue;
      texts.push(await talk.ask(`help ${name.replaceAll(/[A-Z]/g, '-$&')}`));
    }
    for (const line of texts.join('\n').split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(width);
      expect(line, line).not.toMatch(/\s$/);
    }
  });
});
