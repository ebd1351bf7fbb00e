/** The time bar: dragging it shows the whole page as of that moment. */

import type { JSX } from 'preact';
import { Button } from '../../ui/controls.tsx';
import { clock, count } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import { SPEEDS } from '../data/travel.ts';
import { Track } from './track.tsx';

export function TimeBar(): JSX.Element {
  const model = useModel();
  const { travel } = model;
  const moment = model.shown.value;
  const isPlaying = travel.isPlaying.value;
  const isLive = model.isLive.value;
  const seq = travel.target.value ?? moment?.seq ?? 0;
  return (
    <footer>
      <div class="transport">
        <Button label="One event back" title="One event back (,)" onClick={() => travel.step(-1)}>
          ‹
        </Button>
        <Button
          disabled={isLive}
          title={isLive ? 'Go back in time first' : 'Play from here (Space)'}
          onClick={() => (isPlaying ? travel.pause() : travel.play())}
        >
          {isPlaying ? 'Stop' : 'Play'}
        </Button>
        <Button
          label="One event on"
          title="One event on (.)"
          disabled={isLive}
          onClick={() => travel.step(1)}
        >
          ›
        </Button>
        <select
          aria-label="Speed"
          value={travel.speed.value}
          onChange={({ currentTarget }) => {
            travel.speed.value = Number(currentTarget.value);
          }}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {count(speed)}×
            </option>
          ))}
        </select>
        <span class="mono place" data-seq={moment?.seq}>
          <span class="wide">seq </span>
          {count(seq)}
          {!isLive && moment !== undefined && <small>{clock(moment.at)}</small>}
        </span>
      </div>
      <Track />
      <div class="transport end">
        <Pin />
        <Present />
      </div>
    </footer>
  );
}

function Pin(): JSX.Element {
  const model = useModel();
  const { pinned, travel } = model;
  const mark = (): void => {
    const seq = model.shown.value?.seq;
    if (seq !== undefined) void model.pin(seq);
  };
  if (pinned.value === undefined) {
    return (
      <Button title="Mark this place, to compare another one with it" onClick={mark}>
        Compare
      </Button>
    );
  }
  return (
    <Button
      pressed
      title="End the comparison"
      onClick={() => {
        pinned.value = undefined;
        travel.failure.value = undefined;
      }}
    >
      Compare
    </Button>
  );
}

function Present(): JSX.Element {
  const model = useModel();
  const { travel } = model;
  if (!model.isLive.value) {
    return (
      <Button
        primary
        label="Back to live"
        title="Back to the present (L)"
        onClick={() => travel.present()}
      >
        <span class="wide">Back to </span>live
      </Button>
    );
  }
  if (model.live.value?.state.status === 'closed') return <span class="soft">the end</span>;
  if (model.status.value !== 'connected') return <span class="bad">● offline</span>;
  return <span class="live">● live</span>;
}
