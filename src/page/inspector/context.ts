/** Provides the model to components. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Model } from './data/model.ts';

export const ModelContext = createContext<Model | undefined>(undefined);

/** Returns the model. Components that use it rerender when messages arrive. */
export function useModel(): Model {
  const model = useContext(ModelContext);
  if (model === undefined) throw new Error('expected a model around this component, got none');
  void model.beat.value;
  return model;
}
