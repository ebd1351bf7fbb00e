import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { remoteFunctionContract } from 'xstate-taskpool/testing/contracts';
import { threads } from 'xstate-taskpool/threads';
import { ROOT } from '../../support/built.ts';

const url = pathToFileURL(join(ROOT, 'dist/node/contracts/remote-function/functions.js'));
const open = () => threads<object>(url, { max: 2, grace: Number.POSITIVE_INFINITY });

describe('threads', () => {
  const work = open();
  afterAll(() => work.close());

  const cases = remoteFunctionContract({ work: () => work, way: 'clone', open, mayExit: true });
  for (const { name, run } of cases) test(name, run);
});
