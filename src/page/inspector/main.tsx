/** The entry point of the inspector page. */

import { render } from 'preact';
import '../ui/ui.css';
import './style/inspector.css';
import { restoreScheme } from '../ui/scheme.ts';
import { takeToken } from '../ui/token.ts';
import { App } from './app.tsx';
import { ModelContext } from './context.ts';
import { Model } from './data/model.ts';
import { openerOf } from './data/window-link.ts';

restoreScheme();

const { origin, hash } = location;
const isLinked = new URLSearchParams(hash.slice(1)).has('token');
// A framed page never shows data of its server, since the surrounding page could draw anything over it.
const opener = isLinked && parent === window ? undefined : openerOf(window);
const model = new Model({
  origin: origin.replace(/^http/, 'ws'),
  token: opener === undefined ? takeToken() : undefined,
  opener,
});

render(
  <ModelContext.Provider value={model}>
    <App />
  </ModelContext.Provider>,
  document.body,
);
