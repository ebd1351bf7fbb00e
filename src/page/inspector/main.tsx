/** The page begins here. */

import { render } from 'preact';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/state-chart.css';
import './inspector.css';
import { restoreScheme } from '../ui/scheme.ts';
import { takeToken } from '../ui/token.ts';
import { App } from './app.tsx';
import { ModelContext } from './context.ts';
import { Model } from './data/model.ts';

restoreScheme();

const { origin } = location;
const model = new Model({ origin: origin.replace(/^http/, 'ws'), token: takeToken() });

render(
  <ModelContext.Provider value={model}>
    <App />
  </ModelContext.Provider>,
  document.body,
);
