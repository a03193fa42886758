import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { territory } from '../hub/hub.ts';

interface Feature {
  type: 'Feature';
  id?: string | number | undefined;
  properties: object | null;
  geometry: unknown;
}

/** The built-in communes as a file of outlines would have them. */
export const features = (): Feature[] =>
  territory.communes.map(({ code, outline }) => ({ type: 'Feature', properties: { code }, geometry: outline }));

/** Writes a file for the length of a test; answers its path. */
export function territoryFile(content: string | Feature[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-territory-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'communes.geojson');
  writeFileSync(
    file,
    typeof content === 'string' ? content : JSON.stringify({ type: 'FeatureCollection', features: content }),
  );
  return file;
}

/** Official outlines to try the same promises with, where whoever runs the tests has some. */
export const officialFile = (): string | undefined => process.env.TOCSIN_TEST_TERRITORY;
