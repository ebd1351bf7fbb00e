/** What functions do that run here, those elsewhere are to do as well. */

import { remoteFunctionContract } from '../../support/remote-function-contract.ts';
import * as work from '../../system/programs/far-work.ts';

remoteFunctionContract('here', { open: () => ({ ...work }), way: 'same' });
