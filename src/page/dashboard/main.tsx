/** The entry point of the dashboard page. */

import { render } from 'preact';
import '../ui/ui.css';
import '../ui/stepper.css';
import './head/head.css';
import './charts/charts.css';
import './detail/detail.css';
import './time/time.css';
// The layout, also for phones, is imported after the parts.
import './dashboard.css';
import './stream/stream.css';
import './lists/lists.css';
import './palette/palette.css';
import { restoreScheme } from '../ui/scheme.ts';
import { takeToken } from '../ui/token.ts';
import { App } from './app.tsx';
import { ModelContext } from './context.ts';
import { Model } from './data/model.ts';

restoreScheme();

const socket = new URL('socket', location.href.replace(/^http/, 'ws').replace(/[#?].*/, ''));
const model = new Model({ socket: socket.href, token: takeToken() });

render(
  <ModelContext.Provider value={model}>
    <App />
  </ModelContext.Provider>,
  document.body,
);
