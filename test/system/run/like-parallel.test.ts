/**
 * The options that GNU parallel has too do what they do there. What version 20221122 of it prints is
 * recorded; where it is installed a few of the cases, and in the long tests all, are run by both.
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
  const { stdout, stderr, exitCode } = await taskpool(args, { cwd: folder, input });
  return { stdout, stderr: withoutComplaints(stderr), hasSucceeded: exitCode === 0 };
}

/** Both have a line of their own for what went wrong. */
function withoutComplaints(stderr: string): string {
  return stderr.replace(/^parallel: This job .*\n.*\n|^taskpool: .*\n/gm, '');
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
  return new Promise<Awaited<ReturnType<typeof ours>>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const { stdout, stderr } = said;
      resolve({ stdout, stderr: withoutComplaints(stderr), hasSucceeded: exitCode === 0 });
    });
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
  'the order of the input': {
    options: ['-k', '-j3'],
    command: 'sleep 0.{}; echo {}',
    sources: [':::', '3', '1', '2'],
  },
  'lines as they come, in order': {
    options: ['-k', '--line-buffer', '-j2'],
    command: 'sleep 0.{}; echo {}',
    sources: [':::', '2', '1'],
  },
  'some that fail': { command: 'echo {}; test {} != b', sources: [':::', 'a', 'b', 'c'] },
  'the place of one after some that failed': {
    options: ['-j1'],
    command: 'echo {#}; false',
    sources: [':::', 'a', 'b'],
  },
  'a list of files as options': {
    options: ['-a', 'f1', '-a', 'f2'],
    command: words('{1} {2}'),
  },
  'a file as an option, and values': {
    options: ['--arg-file', 'f1'],
    command: words('{1} {2}'),
    sources: [':::', 'x', 'y'],
  },
  'items that end with a NUL byte': {
    options: ['-0'],
    command: words('{}'),
    input: 'a\0b\nc\0\0d',
  },
  'items that end with a comma': { options: ['-d', ','], command: words('{}'), input: 'a,,b,c\n' },
  'items that end with a tab': { options: ['-d', '\\t'], command: words('{}'), input: 'a\tb\nc' },
  'items that end with several characters': {
    options: ['--delimiter', 'ab'],
    command: words('{}'),
    input: '1ab2abb3a',
  },
  paragraphs: { options: ['-d', '\\n\\n'], command: words('{}'), input: 'a\nb\n\nc\n\n' },
  'each line as it is': {
    options: ['-d', '\\n'],
    command: words('{} {#}'),
    input: 'a\n\n b\r\n\t\n',
  },
  'columns of what ends otherwise': {
    options: ['-d', ';', '-C', ','],
    command: words('{2} {1}'),
    input: 'a,b;c,d',
  },
  'columns have no white space around them': {
    options: ['--colsep', ','],
    command: words('{1} {2}'),
    input: ' a b , c\t\n',
  },
  'columns with white space around them': {
    options: ['--colsep', ',', '--trim', 'n'],
    command: words('{1} {2}'),
    input: ' a , b \n',
  },
  'columns by groups of a regular expression': {
    options: ['--colsep', '(,|;)+'],
    command: words('{1} {2} {3}'),
    input: 'a,;b\n',
  },
  'white space on the left': {
    options: ['--trim', 'l'],
    command: words('{}'),
    input: '  a \n b\n',
  },
  'white space on the right': {
    options: ['--trim', 'r'],
    command: words('{}'),
    input: '  a \nb\n',
  },
  'white space on both sides': {
    options: ['--trim', 'rl'],
    command: words('{}'),
    sources: [':::', ' a b ', '\tc'],
  },
  'sources that are linked': {
    options: ['--link'],
    command: words('{1} {2} {3}'),
    sources: [':::', 'a', 'b', 'c', '::::', 'f2', ':::', 'x'],
  },
  'sources linked to a longer one': {
    options: ['--link'],
    command: words('{1} {2} {3}'),
    sources: [':::', 'a', 'b', ':::', '1', '2', '3', ':::+', 'x', 'y', 'z'],
  },
  'columns by name': {
    options: ['--header', ':', '--colsep', '\\t'],
    command: words('{name} {age} {2} {}'),
    input: 'name\tage\nann\t3\nbob\t4\n',
  },
  'parts of what has a name': {
    options: ['--header', ':'],
    command: words('{f.} {f/} {f//} {f/.} {g}'),
    sources: [':::', 'f', 'a/b.c'],
  },
  'sources by name': {
    options: ['--header', ':', '--dry-run'],
    command: 'echo {x} {y}',
    sources: [':::', 'x', '1', '2', ':::', 'y', '3', '4'],
  },
  'as many as fit, in one place': {
    options: ['-m', '-j1'],
    command: 'echo a{}b {#}',
    sources: [':::', '1', '2', '3'],
  },
  'as many as fit in one place, spread over what runs at once': {
    options: ['-m', '-j2'],
    command: 'echo',
    sources: [':::', '1', '2', '3', '4', '5'],
  },
  'as many as fit, as xargs': {
    options: ['--xargs', '-j2'],
    command: 'echo a{}b',
    sources: [':::', '1', '2', '3', '4', '5'],
  },
  'commands that get nothing of their items': {
    options: ['-N0', '-j1'],
    command: 'echo x{}y {#}',
    input: '1\n2\n',
  },
  'commands without a placeholder that get nothing': {
    options: ['-N0'],
    command: 'echo x',
    sources: [':::', '1', '2'],
  },
  'a tag of ones own': {
    options: ['--tagstring', '<{/.}>\\t{1}', '-j1'],
    command: `echo {}; echo e >&2`,
    sources: [':::', 'a/b.c', 'd'],
  },
  'a tag with a number': {
    options: ['--tagstring', '{#}:{1}', '-j1'],
    command: `echo {}; echo e >&2`,
    sources: [':::', 'a', 'b'],
  },
  'tags by line with a number': {
    options: ['--tagstring', '{#}', '--line-buffer', '-j1'],
    command: 'echo',
    sources: [':::', 'a', 'b'],
  },
  'tags by line of ones own': {
    options: ['--tagstring', '{2}', '--line-buffer', '-j1'],
    command: 'echo',
    sources: [':::', 'a', 'b', ':::', 'c'],
  },
  'values that mean something to a shell': {
    command: words('{}'),
    sources: [
      ':::',
      ...`'|"|$HOME|\`id\`|a\\b|*|~|-n|!x|#x| x |ü|a;b|a&b|(x)|{y}|[z]|<|>`.split('|'),
      '|',
    ],
  },
  'unusual paths': {
    command: words('{.} {/} {//} {/.}'),
    sources: [
      ':::',
      '.profile',
      'a/.b',
      '/',
      '/a',
      'a/',
      'a//b.c',
      'a.b/c',
      '..',
      '.',
      'a.',
      'x/y/',
    ],
  },
  'a command that is ended by a signal': {
    options: ['-j1'],
    command: 'echo {}; kill -9 $$',
    sources: [':::', 'a', 'b'],
  },
  'durations of several units': {
    options: ['--timeout', '1d2h3.5m4s'],
    command: 'echo',
    sources: [':::', 'a'],
  },
  'no delay': { options: ['--delay', '0'], command: 'echo', sources: [':::', 'a', 'b'] },
  ...Object.fromEntries(
    [
      '0',
      '1',
      '2',
      '-1',
      '-2',
      '50%',
      'never',
      'now,fail=1',
      'soon,fail=2',
      'now,success=1',
      'soon,done=2',
      'soon,fail=30%',
    ].map((rule) => [
      `--halt ${rule}`,
      {
        options: ['-j1', '--halt', rule],
        command: 'echo {}; test {} = b',
        sources: [':::', 'a', 'b', 'c', 'd'],
      },
    ]),
  ),
  'places where quotes are literal': {
    command: 'cat <<E\n{#} is {}\nE\necho $((10+{#}))',
    sources: [':::', 'a', 'b'],
  },
};

/** One in so many cases is run by the real one too, where tests are not to take long. */
const SAMPLE = 36;
const COMPARED = new Set(Object.keys(CASES).filter((_, place) => place % SAMPLE === 0));

describe('as GNU parallel does it', () => {
  test.concurrent.for(Object.entries(CASES))('%s', async ([name, one], context) => {
    const our = await ours(one);
    context.expect(our).toMatchSnapshot();
    const isCompared = hasParallel && (isLong || COMPARED.has(name));
    if (isCompared) context.expect(our).toEqual(await theirs(one));
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
    [['--colsep', '(', '-e', 'echo'], 'expected a regular expression of JavaScript'],
    [['-e', 'echo', '-', '::::', '-'], 'expected stdin (-) once'],
    [['-e', 'echo $((1+{}))'], 'expected no {} within $((…))'],
    [['-e', "cat <<'E'\n{}\nE"], 'expected no {} in a here-document'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's.
    [['-e', 'echo ${x:{}}'], 'expected no {} within ${…}'],
    [['gzip', 'f1'], 'to run the program of that name: --exec gzip'],
    [['--colsep', '[[:space:]]', '-e', 'echo'], 'expected a regular expression of JavaScript'],
    [['-d', '', '-e', 'echo'], 'expected what ends an item'],
    [['-d', ',', '-0', '-e', 'echo'], 'cannot be used with option'],
    [['-k', '--as-completed', '-e', 'echo'], 'cannot be used with option'],
    [['--trim', 'x', '-e', 'echo'], 'expected l, r, lr or n, got x'],
    [['--header', '2', '-e', 'echo'], 'expected :, for names in the first line, got 2'],
    [['--header', ':', '-e', 'echo', '-a', '/dev/null'], 'expected a line with names for --header'],
    [['--tagstring', '{%}', '-e', 'echo'], 'expected placeholders for the item in --tagstring'],
    [['-N0', './f.mjs'], '-N 0 is for commands'],
    [['-m', './f.mjs'], '-m and --xargs are for commands'],
    [['-e', 'echo {= s/a/b/ =}'], 'expected no Perl in a command, got {= s/a/b/ =}'],
    [['--resume', '--joblog', 'log', '-e', 'echo'], 'expected a journal with --resume'],
    [['-L2', '-e', 'echo'], 'no option -L here: -N is the number of items per command'],
    [['--eof=END', '-e', 'echo'], "no option --eof here: end the input before it: sed '/END/Q'"],
    [['--pipe', '-e', 'cat'], 'no option --pipe here: commands read nothing here; parallel --pipe'],
    [['-e', 'x', '-S', 'host'], 'no option -S here: functions run on other machines'],
    [['--kill-after', '-1', '-e', 'x'], 'expected a duration of 0, for at once, or longer'],
    [[], 'expected a module, or a command with --exec, got neither'],
  ])('%j', async (args, complaint) => {
    const { exitCode, stdout, stderr } = await taskpool(['run', ...args], {
      cwd: folder,
      input: 'x\n',
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/^taskpool: .*\n(?:\(--help lists commands and options\)\n)?$/);
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
