/** A hook for the usage of the typed command: its help without the options. */

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
      // An unknown command is reported when it is run.
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [model, name]);
  return usage;
}
