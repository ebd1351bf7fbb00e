/** What `taskpool run` prints, where, and in which order, and what it ends with. */

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import {
  type Ended,
  type RunOptions,
  taskpool,
  taskpoolProcess,
} from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';

let folder: string;

const WORKERS = `
import { setTimeout as delay } from 'node:timers/promises';
export default (item) => item;
export const twice = async (item) => item + item;
export const context = (item, { id, index, attempt, groupName, poolName, signal }) =>
  ({ item, id, index, attempt, groupName, poolName, aborted: signal.aborted });
export const odd = (item) => { if (item % 2 === 0) throw new Error('even'); return item; };
export const caused = () => { throw new TypeError('outer', { cause: new Error('inner') }); };
export const thrown = () => { throw 17; };
export const guarded = (item) => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const trap = () => { throw 1; };
  switch (item) {
    case 'a': throw { get message() { return trap(); } };
    case 'b': throw new Proxy({}, { get: trap, getPrototypeOf: trap });
    case 'c': throw class { static get name() { return trap(); } };
    case 'd': throw Object.assign(new Error('e'), { name: 'CommandError', code: { toString: trap } });
    case 'e': throw proxy;
    default: return proxy;
  }
};
export const nothing = () => {};
export const circular = () => { const it = {}; it.it = it; return it; };
export const logs = (item, { log }) => { console.log('console', item); log('logged', item); return item; };
export const bytes = () => new TextEncoder().encode('a\\nb\\n');
const tries = new Map();
export const third = (item, { attempt }) => {
  const before = tries.get(item) ?? 0;
  tries.set(item, before + 1);
  if (before < 2) throw new Error('not yet');
  return [item, attempt];
};
export const hangs = (item, { signal }) => delay(60_000, undefined, { signal });
export const deaf = async (item) => { await delay(150); return item; };
export const far = async (item, context) => {
  await delay(600);
  context.placed('there');
  return item;
};
far[Symbol.for('xstate-taskpool.remote')] = { functionName: 'far' };
export const number = 1;
/** Each of twenty ends after the next one has. */
const ends = Array.from({ length: 21 }, () => {
  let resolve;
  const promise = new Promise((end) => { resolve = end; });
  return { promise, resolve };
});
ends[20].resolve();
export const reversed = async (item) => {
  await ends[item].promise;
  setImmediate(ends[item - 1].resolve);
  return item;
};
`;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'worker.mjs'), WORKERS);
  await writeFile(join(folder, 'throws.mjs'), 'throw new Error("no\\nuse")');
  await writeFile(join(folder, 'abc.txt'), 'a\nb\nc\n');
  await writeFile(join(folder, 'numbers.txt'), '1\n2\n3\n4\n');
});

/** Runs `taskpool run`, quietly, in the folder of the workers. */
function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return taskpool(['run', '-q', ...args], { cwd: folder, ...options });
}

/** Calls an exported function for each line of a text. */
function call(name: string, input: string, ...args: string[]): Promise<Ended> {
  return run(['worker.mjs', '--export', name, ...args], { input });
}

const lines = (text: string): string[] => text.split('\n').slice(0, -1);
const fine = (stdout: string): Ended => ({ exitCode: 0, stdout, stderr: '' });

describe('a function', () => {
  test('is the default export, called for each line of the files', async () => {
    const args = ['run', '-q', './worker.mjs', 'abc.txt', 'numbers.txt'];
    expect(await taskpoolProcess(args, { cwd: folder })).toEqual(
      fine('"a"\n"b"\n"c"\n"1"\n"2"\n"3"\n"4"\n'),
    );
  });

  test('or another export, called for each line of stdin', async () => {
    expect(await call('twice', 'x\ny')).toEqual(fine('"xx"\n"yy"\n'));
    expect(await call('twice', 'x', 'abc.txt', '-')).toEqual(fine('"aa"\n"bb"\n"cc"\n"xx"\n'));
  });

  test('gets the context of its task', async () => {
    const { stdout } = await call('context', 'x\ny\n', '-n', '1');
    expect(lines(stdout).map((line) => JSON.parse(line))).toEqual([
      {
        item: 'x',
        id: 0,
        index: 0,
        attempt: 1,
        groupName: 'items',
        poolName: 'run',
        aborted: false,
      },
      {
        item: 'y',
        id: 1,
        index: 1,
        attempt: 1,
        groupName: 'items',
        poolName: 'run',
        aborted: false,
      },
    ]);
  });

  test('may log, which goes to stderr', async () => {
    const { stdout, stderr } = await call('logs', 'x\n');
    expect(stdout).toBe('"x"\n');
    expect(lines(stderr)).toEqual(['console x', 'taskpool: run task 0: logged x']);
  });

  test('without a result gives null', async () => {
    expect(await call('nothing', 'x\n')).toEqual(fine('null\n'));
  });

  test('that gives what JSON cannot hold has failed', async () => {
    const { exitCode, stdout, stderr } = await call('circular', 'x\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^taskpool: failed: x: ResultError: expected a result that JSON can hold/,
    );
  });
});

describe('items', () => {
  test('are values with --jsonl', async () => {
    const input = '{"a":1}\n\n"x"\n[null]';
    expect(await run(['worker.mjs', '--jsonl'], { input })).toEqual(fine('{"a":1}\n"x"\n[null]\n'));
    expect(
      await run(['--exec', 'printf %s', '--jsonl', '-r'], { input: '{"a":1}\n"x y"' }),
    ).toEqual(fine('{"a":1}x y'));
  });

  test('may hold line breaks, and nothing, with --null', async () => {
    expect(await run(['worker.mjs', '-0'], { input: 'a\nb\0\0c\r' })).toEqual(
      fine('"a\\nb"\n""\n"c\\r"\n'),
    );
  });

  test('are no empty lines, no ends of lines, and no mark of the byte order', async () => {
    expect(await run(['worker.mjs'], { input: '\ufeffa\r\n\r\n\nb\r\n' })).toEqual(
      fine('"a"\n"b"\n'),
    );
  });

  test('may be none at all', async () => {
    expect(await run(['worker.mjs'])).toEqual(fine(''));
  });

  test('that are not what they should be stop the run, with their place', async () => {
    const jsonl = await run(['worker.mjs', '--jsonl', '-n', '1'], { input: '1\n{oops\n3\n' });
    expect(jsonl).toMatchObject({ exitCode: 1, stdout: '1\n' });
    expect(jsonl.stderr).toContain('expected JSON, got {oops at stdin:2');
  });
});

describe('results', () => {
  const numbers = Array.from({ length: 20 }, (_, i) => String(i + 1));
  const input = numbers.join('\n');

  test('come in the order of the input, whatever ends first', async () => {
    const { stdout } = await call('reversed', input, '-n', '20');
    expect(lines(stdout)).toEqual(numbers.map((n) => `"${n}"`));
  });

  test('come as they are there with --as-completed', async () => {
    const { stdout } = await call('reversed', input, '-n', '20', '--as-completed');
    expect(lines(stdout)).toEqual(numbers.map((n) => `"${n}"`).reverse());
  });

  test('come with their items on demand', async () => {
    expect(await call('twice', 'x\n', '--with-item')).toEqual(fine('{"item":"x","result":"xx"}\n'));
  });

  test('have what a terminal would obey written out, as JSON has it', async () => {
    const item = 'a\u009b2J\u202e\u0085';
    const json = String.raw`"a\u009b2J\u202e\u0085"`;
    const both = `{"item":${json},"result":${json}}\n`;
    expect(await call('default', item, '--with-item')).toEqual(fine(both));
    expect(await run(['-e', 'echo {}', '--with-item'], { input: item })).toEqual(fine(both));
    await call('hangs', item, '--timeout', '1ms', '--journal', 'run.jsonl');
    const { stdout } = await taskpool(['journal', 'run.jsonl', '--failed', '--json'], {
      cwd: folder,
    });
    expect(stdout).toContain(`"item":${json}`);
  });

  test('that are texts come as they are with --raw', async () => {
    expect(await call('twice', 'x\n', '--raw')).toEqual(fine('xx\n'));
    expect(await call('bytes', 'x\n', '--raw')).toEqual(fine('a\nb\n'));
    expect(await call('bytes', 'x\n')).toEqual(fine('"a\\nb"\n'));
  });
});

describe('a command', () => {
  test('prints the result', async () => {
    expect(await run(['-e', 'printf "%s\\n" {} {#}', 'abc.txt'])).toEqual(
      fine('"a\\n1"\n"b\\n2"\n"c\\n3"\n'),
    );
    expect(await run(['-r', '-e', 'printf "%s\\n" {} {#}', 'abc.txt'])).toEqual(
      fine('a\n1\nb\n2\nc\n3\n'),
    );
  });

  test('keeps its bytes with --raw', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await writeFile(join(folder, 'bytes.bin'), bytes);
    const node = `'${process.execPath}' '${MAIN}'`;
    execFileSync('sh', ['-c', `echo bytes.bin | ${node} run -q -r -e cat > copy.bin`], {
      cwd: folder,
    });
    expect(await readFile(join(folder, 'copy.bin'))).toEqual(bytes);
  });

  test('that fails is told of, with its stderr before', async () => {
    const ended = await run(['-e', 'echo no {} >&2; exit 3'], { input: 'a b\n' });
    expect(ended).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'no a b\ntaskpool: failed: a b: exit code 3\n',
    });
  });

  test.each(['no-such-program {}', 'no-such-program {} | wc'])(
    'that is not there is told of once, before anything is done: %s',
    async (command) => {
      const { exitCode, stdout, stderr } = await run(['-e', command], { input: 'x\ny\n' });
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'taskpool: expected a program that exists, got no-such-program\n',
      });
    },
  );

  test('may print more than memory should hold', async () => {
    const { exitCode, stdout } = await run([
      '-r',
      '-e',
      'head -c 70000000 /dev/zero; :',
      ':::',
      'x',
    ]);
    expect({ exitCode, length: stdout.length }).toEqual({ exitCode: 0, length: 70_000_000 });
  });

  test('that a signal has ended is told of', async () => {
    const { stderr } = await run(['-e', 'kill -9 $$; : {}'], { input: 'x\n' });
    expect(stderr).toBe('taskpool: failed: x: ended by SIGKILL\n');
  });

  test('reads nothing of the input', async () => {
    expect(await run(['-r', '-e', 'cat; echo {}'], { input: 'x\ny\n' })).toEqual(fine('x\ny\n'));
  });
});

describe('failures', () => {
  test('are on stderr, with the item; the others succeed', async () => {
    expect(await call('odd', '1\n2\n3\n')).toEqual({
      exitCode: 1,
      stdout: '"1"\n"3"\n',
      stderr: 'taskpool: failed: 2: even\n',
    });
  });

  test('say what they are, what caused them and where they are', async () => {
    const { stderr } = await call('caused', 'a "b"\n');
    expect(stderr).toMatch(
      /^taskpool: failed: a "b": TypeError: outer: inner at \S+ \(file:.+worker\.mjs:8:\d+\)\n$/,
    );
    expect((await call('thrown', ' \n')).stderr).toBe('taskpool: failed: " ": threw 17\n');
  });

  test('that nothing can be read of are told of and logged as all others', async () => {
    const args = ['--joblog', 'log', '--retries', '1', '--retry-delay', '1ms'];
    const { exitCode, stderr } = await call('guarded', 'a\nb\nc\nd\ne\nf\n', '-j1', ...args);
    expect({ exitCode, stderr: lines(stderr) }).toEqual({
      exitCode: 1,
      stderr: [
        'taskpool: failed: a: threw {"message":[throws]}',
        'taskpool: failed: b: threw [object that cannot be read]',
        'taskpool: failed: c: threw [function]',
        'taskpool: failed: d: e',
        'taskpool: failed: e: threw [object that cannot be read]',
        expect.stringMatching(/^taskpool: failed: f: TypeError: [^/]*revoked$/),
      ],
    });
    expect(lines(await readFile(join(folder, 'log'), 'utf8'))).toHaveLength(7);
  });
});

describe('--retries', () => {
  test('tries again, and the function sees which attempt it is', async () => {
    const args = ['--retries', '2', '--retry-delay', '10ms'];
    expect(await call('third', 'x\ny\n', ...args)).toEqual(fine('["x",3]\n["y",3]\n'));
  });

  test('gives up in the end', async () => {
    const args = ['--retries', '1', '--retry-delay', '10ms'];
    const { exitCode, stderr } = await call('third', 'z\n', ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'taskpool: failed: z: not yet\n' });
  });

  test('runs a command again', async () => {
    const command = 'echo x >> tried; [ $(wc -l < tried) = 3 ] && echo {}';
    const args = ['-e', command, '--retries', '5', '--retry-delay', '10ms'];
    expect(await run(args, { input: 'ok\n' })).toEqual(fine('"ok"\n'));
    expect(lines(await readFile(join(folder, 'tried'), 'utf8'))).toHaveLength(3);
  });
});

describe('--timeout with a percentage', () => {
  const hangs = '[ {} = 4 ] && exec sleep 600; sleep 0.05';

  test('aborts what takes longer than the others, once some have succeeded', async () => {
    const args = [
      '-j',
      '4',
      '-r',
      '-e',
      hangs,
      '--timeout',
      '3000%',
      ':::',
      '1',
      '2',
      '3',
      '4',
      '5',
    ];
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^taskpool: failed: 4: TimeoutError: took longer than [\d.]+ s\n$/);
  });

  test('is a failure that is tried again', async () => {
    const second = '[ $TASKPOOL_ATTEMPT = 1 ] && exec sleep 600; echo {}';
    const command = `[ {} = 4 ] || exec sleep 0.05; ${second}`;
    const options = ['--retries', '1', '--retry-delay', '1ms', '--timeout', '3000%'];
    const args = ['-j', '4', '-r', '-e', command, ...options, ':::', '1', '2', '3', '4'];
    const { exitCode, stdout } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '4\n' });
  });
});

describe('--timeout', () => {
  const late = 'TimeoutError: took longer than 0.05 s';

  test('aborts the signal of a function', async () => {
    const { exitCode, stderr } = await call('hangs', 'x\n', '--timeout', '50ms');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `taskpool: failed: x: ${late}\n` });
  });

  test('is a failure, though a function takes no note and returns', async () => {
    const { stdout, stderr } = await call('deaf', 'x\n', '--timeout', '50ms');
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: `taskpool: failed: x: ${late}\n` });
  });

  test('counts from when a call has begun elsewhere', async () => {
    expect(await call('far', 'x\n', '--timeout', '300ms')).toEqual(fine('"x"\n'));
  });

  test('ends a command, and all that it started', async () => {
    // Whoever waits for it waits longer than a test may take.
    const { exitCode, stderr } = await run(['-e', 'sleep 600 | cat; : {}', '--timeout', '50ms'], {
      input: 'x\n',
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `taskpool: failed: x: ${late}\n` });
  });

  test('kills a command that does not end on SIGTERM', async () => {
    const command = `trap '' TERM; echo {} > deaf.pid; while :; do sleep 1; done`;
    const args = ['-e', command, '--timeout', '100ms', '--kill-after', '100ms'];
    const { stderr } = await run(args, { input: 'x\n' });
    expect(stderr).toBe('taskpool: failed: x: TimeoutError: took longer than 0.1 s\n');
  });

  test('is tried again', async () => {
    const { stderr } = await call(
      'hangs',
      'x\n',
      '--timeout',
      '50ms',
      '--retries',
      '2',
      '--retry-delay',
      '1ms',
    );
    expect(stderr).toBe(`taskpool: failed: x: ${late}\n`);
  });
});

describe('--halt', () => {
  const input = Array.from({ length: 50 }, (_, i) => `${i + 1}\n`).join('');

  test('soon lets what runs end and begins nothing more', async () => {
    const { exitCode, stdout, stderr } = await call(
      'odd',
      input,
      '-n',
      '1',
      '--halt',
      'soon,fail=3',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '"1"\n"3"\n"5"\n' });
    expect(stderr).toContain('taskpool: halt soon,fail=3: ');
  });

  test('now ends what runs', async () => {
    const command = 'if [ {} = 2 ]; then exit 1; else sleep 600; fi';
    const { exitCode, stdout, stderr } = await run(
      ['-e', command, '-n', '2', '--halt', 'now,fail=1'],
      {
        input,
      },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(lines(stderr)).toEqual([
      'taskpool: failed: 2: exit code 1',
      'taskpool: halt now,fail=1: aborting 1 (Ctrl-C exits at once)',
    ]);
  });

  test('on success is fine', async () => {
    const { exitCode, stdout } = await call('odd', input, '-n', '1', '--halt', 'soon,success=2');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"1"\n"3"\n' });
  });

  test('may be a share of what has ended', async () => {
    const { stdout } = await call('odd', input, '-n', '1', '--halt', 'soon,fail=50%');
    expect(lines(stdout)).toHaveLength(10);
  });

  test('never is the default', async () => {
    const { exitCode, stdout } = await call('odd', input, '--halt', 'never');
    expect({ exitCode, lines: lines(stdout).length }).toEqual({ exitCode: 1, lines: 25 });
  });
});

describe('an invalid command line is an error of usage', () => {
  test.each([
    ['neither module nor command', [], 'expected a module, or a command with --exec, got neither'],
    ['no such module', ['none.mjs'], 'expected a module that exists, got none.mjs'],
    ['a module that does not load', ['abc.txt'], 'expected a module that loads, got abc.txt: '],
    ['a module that throws', ['throws.mjs'], 'got throws.mjs: no use (/'],
    [
      'no such export',
      ['worker.mjs', '--export', 'none'],
      'expected the export none of worker.mjs to be a function, got undefined; it exports ',
    ],
    ['no function', ['worker.mjs', '--export', 'number'], 'to be a function, got number'],
    ['no such input', ['worker.mjs', 'none.txt'], 'cannot read the input: ENOENT'],
    ['a folder', ['worker.mjs', '.'], 'cannot read the input: . is a folder'],
    ['-n', ['worker.mjs', '-n', '0'], 'expected a positive integer, got 0'],
    ['--retries', ['worker.mjs', '--retries', 'x'], 'expected a non-negative integer, got x'],
    ['--timeout', ['worker.mjs', '--timeout', '90%'], 'such as 200%, got 90%'],
    ['--timeout', ['worker.mjs', '--timeout', '5y'], 'such as 500ms, 30s or 2m, got 5y'],
    ['--halt', ['worker.mjs', '--halt', 'fail=1'], 'got fail=1'],
    ['--halt with a share', ['worker.mjs', '--halt', 'now,fail=101%'], 'got now,fail=101%'],
    ['both formats', ['worker.mjs', '--jsonl', '-0'], 'cannot be used with'],
  ])('%s', async (_, args, complaint) => {
    const { exitCode, stdout, stderr } = await run(args, { input: 'x\n' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    // A line, and perhaps a hint, but no stack.
    expect(lines(stderr).length).toBeLessThanOrEqual(2);
  });
});

test('without -q there is a summary', async () => {
  const { stderr } = await taskpool(['run', 'worker.mjs', 'abc.txt'], { cwd: folder });
  expect(stderr).toMatch(/^taskpool: 3 done, 3 succeeded, 0 failed, in \d+ ms\n$/);
});
