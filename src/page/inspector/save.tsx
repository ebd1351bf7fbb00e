/** Buttons that save a picture as a file. */

import type { JSX } from 'preact';
import type { Sides } from '../../charts/geometry.ts';
import type { Shape } from '../../charts/picture.ts';
import { svgFile } from '../../charts/svg.ts';
import { Button } from '../ui/controls.tsx';
import { currentScheme, savePng, saveSvg } from './export.ts';

interface Picture extends Sides {
  readonly name: string;
  readonly shapes: readonly Shape[];
}

interface SaveProps {
  /** The name for people: `the chart`. */
  readonly what: string;
  readonly picture: () => Picture;
}

export function SaveButtons({ what, picture }: SaveProps): JSX.Element {
  const svgOf = (given: Picture): string =>
    svgFile(given.shapes, given, { title: given.name, scheme: currentScheme() });
  const asSvg = (): void => {
    const given = picture();
    saveSvg(given.name, svgOf(given));
  };
  const asPng = (): void => {
    const given = picture();
    void savePng(given.name, svgOf(given), given);
  };
  return (
    <span class="group">
      <Button label={`Save ${what} as SVG`} title={`Save ${what} as SVG`} onClick={asSvg}>
        SVG
      </Button>
      <Button label={`Save ${what} as PNG`} title={`Save ${what} as PNG`} onClick={asPng}>
        PNG
      </Button>
    </span>
  );
}
