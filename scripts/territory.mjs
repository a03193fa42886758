/**
 * `npm run territory`: regenerates src/territory/communes.json, the 194 communes of the Essonne, from
 * @etalab/decoupage-administratif (INSEE COG, La Poste; Licence Ouverte 2.0) and the table of centres beside this file.
 * With `--outlines FILE` it also asks the State's open API for the official outlines and writes them as GeoJSON, to be
 * named by TOCSIN_TERRITORY; that part needs the internet.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const DEPARTEMENT = '91';
const require = createRequire(import.meta.url);
const source = require('@etalab/decoupage-administratif/data/communes.json');
const centres = JSON.parse(await readFile(new URL('./centres-91.json', import.meta.url), 'utf8'));

const communes = source
  .filter((commune) => commune.departement === DEPARTEMENT && commune.type === 'commune-actuelle')
  .map(({ code, nom, codesPostaux, population, anciensCodes = [] }) => {
    const centre = centres[code];
    if (!centre) throw new Error(`centres-91.json has no centre for ${code} (${nom})`);
    return { code, name: nom, postalCodes: codesPostaux, population, formerCodes: anciensCodes, centre };
  })
  .sort((a, b) => a.code.localeCompare(b.code));

const target = new URL('../src/territory/communes.json', import.meta.url);
await writeFile(target, `[\n${communes.map((commune) => JSON.stringify(commune)).join(',\n')}\n]\n`);
console.log(`${communes.length} communes written to src/territory/communes.json`);

const asked = process.argv.indexOf('--outlines');
if (asked > 0) {
  const file = process.argv[asked + 1];
  if (!file) throw new Error('--outlines wants the name of a file to write');
  const address = `https://geo.api.gouv.fr/departements/${DEPARTEMENT}/communes?format=geojson&geometry=contour`;
  const answer = await fetch(address).catch((error) => {
    throw new Error(
      `the outlines need the internet: ${address} cannot be reached (${error.cause?.code ?? error.message})`,
    );
  });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  await writeFile(file, await answer.text());
  console.log(`official outlines written to ${file}: start the hub with TOCSIN_TERRITORY=${file}`);
}
