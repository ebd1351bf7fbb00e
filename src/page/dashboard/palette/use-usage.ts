/** How the command is used whose name has been typed: the first paragraphs of its help. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

const NAME = /^\s*([a-z][\w-]*)\s/i;
const NUM_PARAGRAPHS = 2;

export function useUsage(model: Model, line: string): string {
  const [usage, setUsage] = useState('');
  const name = NAME.exec(line)?.[1] ?? '';
  useEffect(() => {
    setUsage('');
    if (name === '') return undefined;
    let isOver = false;
    model.link.line(`${name} -h`).then(
      ({ text }) => {
        if (!isOver) setUsage(text.split('\n\n').slice(0, NUM_PARAGRAPHS).join('\n'));
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
