/**
 * The options that GNU parallel has too do what they do there. What it prints is recorded; in the long
 * tests both are run on the same inputs.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseJobs } from '../../../src/cli/run/arguments/jobs.ts';
import { taskpool } from '../../support/command-line.ts';
import { isLong } from '../../support/length.ts';
import { hasTool } from '../../support/tools.ts';

const hasParallel = hasTool('parallel');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-parallel-'));
  await writeFile(join(folder, 'f1'), 'a b\nc\n');
  await writeFile(join(folder, 'f2'), '1\n2\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Case {
  /** Options that both have. */
  readonly options?: readonly string[];
  readonly command: string;
  /** What stands behind the command: `:::` and so on. */
  readonly sources?: readonly string[];
  readonly input?: string;
}

async function ours({ options = [], command, sources = [], input = '' }: Case) {
  const raw = options.includes('--dry-run') ? [] : ['-r'];
  const args = ['run', '-q', ...raw, ...options, '-e', command, ...sources];
  const { stdout, stderr } = await taskpool(args, { cwd: folder, input });
  return { stdout, stderr };
}

function theirs({ options = [], command, sources = [], input = '' }: Case) {
  const args = ['--plain', '--will-cite', '-k', ...options, command, ...sources];
  const child = spawn('parallel', args, { cwd: folder });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  child.stdin.end(input);
  return new Promise<typeof said>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}

/** Prints each of its words in brackets. */
const words = (text: string) => `printf '[%s]' ${text}; echo`;

const CASES: Readonly<Record<string, Case>> = {
  'two sources': { command: 'echo {1}-{2}', sources: [':::', 'a', 'b', ':::', 'c', 'd'] },
  'places from the end, and beyond it': {
    command: words('{-1} {-2} {2} {3}'),
    sources: [':::', 'a', ':::', 'b'],
  },
  'parts of one of the sources': {
    command: words('{1/} {1//} {2.} {2/.} {-1/}'),
    sources: [':::', 'a/b.c', ':::', 'd/e.f'],
  },
  '{} of several sources': { command: words('{}'), sources: [':::', 'a b', ':::', 'c'] },
  'values like options': { command: words('{}'), sources: [':::', '-a', '--help', '-V', ''] },
  'linked sources': { command: 'echo', sources: [':::', 'a', 'b', 'c', ':::+', '1', '2'] },
  'linked to the second': {
    command: 'echo',
    sources: [':::', 'a', 'b', ':::', '1', '2', ':::+', 'x', 'y'],
  },
  'files as sources': { command: words('{1} {2}'), sources: ['::::', 'f1', 'f2'] },
  'files that are linked': { command: words('{1} {2}'), sources: ['::::', 'f1', '::::+', 'f2'] },
  'stdin as a source': {
    command: words('{1} {2}'),
    sources: ['::::', '-', ':::', 'x', 'y'],
    input: 'a\nb\n',
  },
  columns: {
    options: ['--colsep', ','],
    command: words('{1} {2} {3}'),
    input: 'a,b\nc,d,e\nf\n,g\n',
  },
  'columns by a regular expression': {
    options: ['--colsep', '\\s+'],
    command: words('{2} {1}'),
    input: 'a  b\nc\td\n',
  },
  'columns of several sources': {
    options: ['--colsep', ','],
    command: words('{}'),
    sources: [':::', 'x,y', '::::', '-'],
    input: 'a,b\n',
  },
  'number of items per command': {
    options: ['-N', '3'],
    command: 'echo',
    input: '1\n2\n3\n4\n5\n6\n7\n',
  },
  'items of a command by their place': {
    options: ['-N2'],
    command: words('pre{}post {1}/{2} {#}'),
    sources: [':::', 'a', 'b', 'c'],
  },
  'as many items as fit': { options: ['-j1', '-X'], command: 'echo', input: '1\n2\n3\n' },
  'as many as fit, spread over what runs at once': {
    options: ['-j4', '-X'],
    command: 'echo',
    input: '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n',
  },
  'the word around them': {
    options: ['-j1', '-X'],
    command: 'echo pre{}post {.} {#} {/}x{.}',
    sources: [':::', 'a.x', 'b/y', 'c'],
  },
  'as many as fit, but so many at the most': {
    options: ['-j1', '-X', '-N2'],
    command: 'echo pre{}post',
    sources: [':::', 'a', 'b', 'c'],
  },
  'thousands of items for one command': {
    options: ['-j1', '-X'],
    command: 'echo {} | wc -w',
    input: Array.from({ length: 5000 }, (_, i) => `${i}\n`).join(''),
  },
  'lines that are commands': {
    command: '{}',
    input: 'echo a  b\necho "c  d" | tr c e\nX=1; echo $X\n',
  },
  'what would be run': {
    options: ['--dry-run'],
    command: 'echo {} {.}x | wc -l > {#}.out',
    sources: [':::', 'a b', "it's", '', 'x;y', 'ü', 'a/b_c.d-e+f', "'", '$HOME'],
  },
  'what would be run of many': {
    options: ['--dry-run', '-N2'],
    command: 'echo {2} {1}',
    sources: [':::', 'a b', 'c', 'd'],
  },
  'commands that would be run': { options: ['--dry-run'], command: '{}', input: 'echo "a  b"\n' },
  'tags, and lines that do not end': {
    options: ['--tag', '-j1'],
    command: `printf '%s\\n%s' 1 {}; echo e{} >&2`,
    sources: [':::', 'a', 'b c'],
  },
  'tags of several sources': {
    options: ['--tag'],
    command: 'echo {1}',
    sources: [':::', 'a', 'b', ':::', 'c'],
  },
  'tags by line': {
    options: ['--tag', '--line-buffer', '-j1'],
    command: `echo 1; printf '%s\\n%s' 2 {}`,
    sources: [':::', 'a', 'b'],
  },
  'place and slot in the environment': {
    options: ['-j1'],
    command: 'echo {#} {%} $PARALLEL_SEQ $PARALLEL_JOBSLOT',
    sources: [':::', 'a', 'b'],
  },
  'places where quotes are literal': {
    command: 'cat <<E\n{#} is {}\nE\necho $((10+{#}))',
    sources: [':::', 'a', 'b'],
  },
};

describe('as GNU parallel does it', () => {
  test.each(Object.entries(CASES))('%s', async (_, one) => {
    const our = await ours(one);
    if (isLong && hasParallel) expect(our).toEqual(await theirs(one));
    expect(our).toMatchSnapshot();
  });
});

describe.skipIf(!hasParallel)('beside GNU parallel', () => {
  test('a random order of the same items', async () => {
    const input = Array.from({ length: 30 }, (_, i) => `${i}\n`).join('');
    const { stdout } = await ours({ options: ['--shuf'], command: 'echo', input });
    expect(stdout).not.toBe(input);
    expect(stdout.split('\n').toSorted()).toEqual(input.split('\n').toSorted());
  });

  test('a log of jobs', async () => {
    const one = {
      command: `printf %s {}; case {} in b*) exit 3;; c) kill -9 $$;; esac`,
      sources: [':::', 'a', 'b b', 'c'],
    };
    await ours({ ...one, options: ['-j1', '--joblog', 'our.log'] });
    await theirs({ ...one, options: ['-j1', '--joblog', 'their.log'] });
    const logged = async (file: string) => {
      const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
      // Times differ, and what is a number of seconds there is one here.
      return lines.map((line) => {
        const [seq, host, started, runtime, ...rest] = line.split('\t');
        return [
          seq,
          host,
          started?.replace(/^\d+\.\d+$/, 't'),
          runtime?.replace(/ *\d+\.\d{3}$/, 't'),
          ...rest,
        ];
      });
    };
    expect(await logged('our.log')).toEqual(await logged('their.log'));
  });

  test('a log of one that took too long, and more in the same file', async () => {
    const slow = { command: 'sleep', sources: [':::', '5'] };
    await ours({ ...slow, options: ['--timeout', '0.2', '--joblog', 'late.log'] });
    await ours({ command: 'true', sources: [':::', 'x'], options: ['--joblog', '+late.log'] });
    const log = await readFile(join(folder, 'late.log'), 'utf8');
    expect(log).toMatch(/\t0\t0\t-1\t15\tsleep 5\n1\t:\t.*\t0\t0\t0\t0\ttrue x\n$/);
  });
});

test.each([
  ['8', 8],
  ['50%', 2],
  ['30%', 2],
  ['1%', 1],
  ['200%', 8],
  ['+2', 6],
  ['-1', 3],
  ['-9', 1],
  ['0', Number.POSITIVE_INFINITY],
])('-j %s is %d with four cores', (text, count) => {
  expect(parseJobs(text, 4)).toBe(count);
});

describe('an invalid command line is refused in a line', () => {
  test.concurrent.each([
    [['-e', ''], 'expected a command after --exec, got an empty one'],
    [['-P', '4', '-e', 'echo'], 'the number that run at a time is -j here: -j 4'],
    [['-j', 'x', '-e', 'echo'], 'expected a number, such as 8, 50% or +2'],
    [['-j', '2', '-n', '2', '-e', 'echo'], 'cannot be used with option'],
    [['-X', './f.mjs'], '-X is for commands'],
    [['--line-buffer', './f.mjs'], '--line-buffer is for commands'],
    [['-N2', '-e', 'echo', ':::', 'a', ':::', 'b'], 'expected one source of items with -N and -X'],
    [['--colsep', '(', '-e', 'echo'], 'expected a regular expression'],
    [['-e', 'echo', '-', '::::', '-'], 'expected stdin (-) once'],
    [['-e', 'echo $((1+{}))'], 'expected no {} within $((…))'],
    [['-e', "cat <<'E'\n{}\nE"], 'expected no {} in a here-document'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's.
    [['-e', 'echo ${x:{}}'], 'expected no {} within ${…}'],
    [['gzip', 'f1'], 'to run the program of that name: --exec gzip'],
    [['--kill-after', '-1', '-e', 'x'], 'expected a duration of 0, for at once, or longer'],
    [[], 'expected a module, or a command with --exec, got neither'],
  ])('%j', async (args, complaint) => {
    const { exitCode, stdout, stderr } = await taskpool(['run', ...args], {
      cwd: folder,
      input: 'x\n',
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/^taskpool: .*\n(?:\(--help shows what there is\)\n)?$/);
  });
});

test.skipIf(!hasParallel)(
  '--resume-failed runs the same items again, and then those that are left',
  async () => {
    const command = 'echo {} >> ran; test -e fixed || test {} != 2 -a {} != 4';
    const ran = async (at: string) => {
      const text = await readFile(join(at, 'ran'), 'utf8');
      await rm(join(at, 'ran'));
      return text;
    };
    const rounds = [{ count: 5 }, { count: 5 }, { count: 7, isFixed: true }];
    const lists: string[][] = [];
    for (const it of ['ours', 'theirs'] as const) {
      const at = await mkdtemp(join(folder, `${it}-`));
      const list: string[] = [];
      for (const { count, isFixed = false } of rounds) {
        if (isFixed) await writeFile(join(at, 'fixed'), '');
        const items = Array.from({ length: count }, (_, index) => String(index + 1));
        const sources = [':::', ...items];
        if (it === 'ours') {
          const options = ['-q', '-j1', '--journal', 'run.db', '--resume-failed', '-e', command];
          await taskpool(['run', ...options, ...sources], { cwd: at });
        } else {
          const options = ['-j1', '--joblog', 'log', '--resume-failed', command];
          await parallel([...options, ...sources], at);
        }
        list.push(await ran(at));
      }
      lists.push(list);
    }
    expect(lists[0]).toEqual(['1\n2\n3\n4\n5\n', '2\n4\n', '2\n4\n6\n7\n']);
    expect(lists[1]).toEqual(lists[0]);
  },
);

/** Runs the real one to its end. */
function parallel(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn('parallel', ['--plain', '--will-cite', ...args], { cwd, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
