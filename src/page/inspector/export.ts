/** Saves pictures as files, locally. */

import type { Sides } from '../../charts/geometry.ts';

const SCALE = 2;
/** The maximum side of a canvas in browsers. */
const LONGEST = 8000;

export function saveSvg(name: string, svg: string): void {
  save(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
}

/** Paints the picture at twice its size. */
export async function savePng(name: string, svg: string, { width, height }: Sides): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    if (blob !== null) save(`${name}.png`, blob);
  });
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The scheme of the page. */
export function currentScheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['scheme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
