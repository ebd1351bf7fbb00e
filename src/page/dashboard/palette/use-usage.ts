/** How the command is used whose name has been typed: its help, but for the options. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

const NAME = /^\s*([a-z][\w-]*)\s/i;

export function useUsage(model: Model, line: string): string {
  const [usage, setUsage] = useState('');
  const name = NAME.exec(line)?.[1] ?? '';
  useEffect(() => {
    setUsage('');
    if (name === '') return undefined;
    let isOver = false;
    model.link.line(`${name} -h`).then(
      ({ text }) => {
        const parts = text.split('\n\n').filter((part) => !part.startsWith('options:'));
        if (!isOver) setUsage(parts.join('\n'));
      },
      // There is no such command: that is said once it is run.
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [model, name]);
  return usage;
}
