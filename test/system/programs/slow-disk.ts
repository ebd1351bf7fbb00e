/** Has each read of a file take a while, as on a slow disk: for `node --import`. */

import fs from 'node:fs';

const MS = 20;

// Streams of files call it by this name.
const { read } = fs;
fs.read = ((...args: Parameters<typeof read>) =>
  void setTimeout(() => read(...args), MS)) as typeof read;
