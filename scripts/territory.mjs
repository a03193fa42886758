/**
 * `npm run territory`: writes src/territory/communes.json anew, the communes of the Essonne, from
 * @etalab/decoupage-administratif (INSEE COG, La Poste; Licence Ouverte 2.0) and the table of centres beside this file;
 * then asks the State's open API for the official outlines and writes them as GeoJSON, to be named by TOCSIN_TERRITORY
 * (default .tocsin/communes-91.geojson; another file as first argument). Without the internet it says so and leaves the
 * outlines as they are; an answer that cannot be used is exit code 1. docs/territory.md tells what comes from where.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isProgram, onRightNode, root } from './runtime.mjs';

const DEPARTEMENT = '91';
const ADDRESS = `https://geo.api.gouv.fr/departements/${DEPARTEMENT}/communes?fields=code,nom&format=geojson&geometry=contour`;
const SECONDS = 60;

/** Communes that merged without delegated ones, which the package names by their codes alone. */
const MERGED = { 91228: ['Courcouronnes', 'Évry'] };

async function writeTable() {
  const require = createRequire(import.meta.url);
  const source = require('@etalab/decoupage-administratif/data/communes.json');
  const centres = JSON.parse(await readFile(new URL('./centres-91.json', import.meta.url), 'utf8'));
  const ours = source.filter(({ departement }) => departement === DEPARTEMENT);
  const communes = ours
    .filter(({ type }) => type === 'commune-actuelle')
    .map(({ code, nom, codesPostaux, population, anciensCodes = [] }) => {
      const centre = centres[code];
      if (!centre) throw new Error(`centres-91.json has no centre for ${code} (${nom})`);
      const delegated = ours.filter(({ chefLieu }) => chefLieu === code).map(({ nom }) => nom);
      const formerNames = [...delegated, ...(MERGED[code] ?? [])];
      const formers = formerNames.length > 0 ? { formerNames } : {};
      return { code, name: nom, postalCodes: codesPostaux, population, formerCodes: anciensCodes, ...formers, centre };
    })
    .sort((a, b) => a.code.localeCompare(b.code));
  const rows = communes.map((commune) => JSON.stringify(commune)).join(',\n');
  await writeFile(path.join(root, 'src/territory/communes.json'), `[\n${rows}\n]\n`);
  console.log(`${communes.length} communes written to src/territory/communes.json`);
}

/** Keeps what was there until the new file has passed the hub's own checks. */
export async function writeOutlines(file, address = ADDRESS) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(SECONDS * 1000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  await mkdir(path.dirname(file), { recursive: true });
  const unchecked = `${file}.${process.pid}.part`;
  try {
    await writeFile(unchecked, await answer.text());
    const { loadTerritory } = await import('../src/territory/load.ts');
    loadTerritory(unchecked);
    await rename(unchecked, file);
  } finally {
    await rm(unchecked, { force: true });
  }
}

if (isProgram(import.meta.url) && (await onRightNode())) {
  await writeTable();
  const file = path.resolve(process.argv[2] ?? path.join(root, '.tocsin', `communes-${DEPARTEMENT}.geojson`));
  try {
    await writeOutlines(file);
    console.log(`official outlines written to ${file}: start the hub with TOCSIN_TERRITORY=${file}`);
  } catch (error) {
    const unreachable = error.cause?.code ?? (error.name === 'TimeoutError' && error.name);
    console.error(
      unreachable
        ? `No official outlines: ${ADDRESS} cannot be reached from here (${unreachable}).`
        : `No official outlines: what ${ADDRESS} gave cannot be used: ${error.message}`,
    );
    console.error('The hub goes on with the file that TOCSIN_TERRITORY names, or with approximate cells.');
    if (!unreachable) process.exitCode = 1;
  }
}
