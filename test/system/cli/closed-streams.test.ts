/** Standard streams that are closed, full, or left by whoever reads them. */

import { execFile } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';

const LOST = 'taskpool: stdout is closed or discarded: the results are lost\n';
const FULL = 'ENOSPC: no space left on device, write';
/** Two items. Where nobody reads them, that is no failure of the pipeline. */
const ITEMS = `(trap '' PIPE; printf '1\\n2\\n' 2>/dev/null || true)`;
const RUN = `${ITEMS} | "$NODE" "$MAIN" run -r -e 'echo {}'`;

describe('a run', () => {
  test.each([
    ['whose stdout is closed says what is lost', '>&-', 0, '', LOST],
    ['whose stdout goes to /dev/null does not', '>/dev/null', 0, '', ''],
    ['whose stderr is closed prints its results', '2>&-', 0, '1\n2\n', ''],
    ['whose stderr is full does, too', '2>/dev/full', 0, '1\n2\n', ''],
    ['without any stream ends', '>&- 2>&- <&-', 0, '', ''],
    ['without stdin has no items', '<&-', 0, '', ''],
    ['whose stdout is full fails', '>/dev/full', 1, '', `cannot write results: ${FULL}`],
    ['whose reader has left ends as programs do', '>&4', 141, '', ''],
  ])('%s', async (_, redirection, exitCode, stdout, said) => {
    const ended = await sh(`${RUN} ${redirection}`);
    const messages = ended.stderr.replace(/^taskpool: .* done, .*\n/gm, '');
    expect({ ...ended, stderr: '' }).toEqual({ exitCode, stdout, stderr: '' });
    if (said === '') expect(messages).toBe('');
    else expect(messages).toContain(said);
  });
});

describe('the help', () => {
  test.each([
    ['to a full disk', '>/dev/full', 1, `taskpool: cannot write to stdout: ${FULL}\n`],
    ['without stderr', '2>&- >/dev/null', 0, ''],
    ['whose reader has left', '>&4', 141, ''],
  ])('%s ends in one line at the most', async (_, redirection, exitCode, stderr) => {
    const ended = await sh(`"$NODE" "$MAIN" --help ${redirection}`);
    expect(ended).toEqual({ exitCode, stdout: '', stderr });
  });
});

interface Ended {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Opens a pipe that nobody reads any more: its one reader leaves before anything is started. */
const LEFT = 'mkfifo pipe; exec 3<>pipe 4>pipe 3<&-';

/** Runs a line of a shell, for which 4 is such a pipe; of a pipeline counts the exit code of its first part that failed. */
async function sh(line: string): Promise<Ended> {
  const env = { ...process.env, NODE: process.execPath, MAIN };
  const cwd = await temporaryFolder();
  const script = `${LEFT}; ${line}`;
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', script], { env, cwd }, (error, stdout, stderr) => {
      resolve({ exitCode: error?.code ?? 0, stdout, stderr });
    });
  });
}
