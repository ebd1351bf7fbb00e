/** How components get at the model. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Model } from './data/model.ts';

export const ModelContext = createContext<Model | undefined>(undefined);

export function useModel(): Model {
  const model = useContext(ModelContext);
  if (model === undefined) throw new Error('expected a model around this component, got none');
  return model;
}
