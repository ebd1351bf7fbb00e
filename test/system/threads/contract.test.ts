import { pathToFileURL } from 'node:url';
import { threads } from 'xstate-taskpool/threads';
import { builtProgram } from '../../support/built.ts';
import { remoteFunctionContract } from '../../support/remote-function-contract.ts';

const url = pathToFileURL(builtProgram('test/system/programs/far-work.ts'));

remoteFunctionContract('threads', {
  open: () => threads(url, { max: 2, grace: Number.POSITIVE_INFINITY }),
  way: 'clone',
  mayExit: true,
});
