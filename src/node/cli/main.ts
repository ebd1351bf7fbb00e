#!/usr/bin/env node
/** The command `taskpool`. */

import { program } from './program.ts';

await program().parseAsync();
