import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Component {
  name: string;
  version?: string;
  purl?: string;
  hashes?: { alg: string; content: string }[];
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
  'bom-ref': string;
}
interface Bill {
  bomFormat: string;
  metadata: { component: { name: string; version: string } };
  components: Component[];
}

const root = path.join(import.meta.dirname, '../../..');
const script = new URL('../../../scripts/sbom.mjs', import.meta.url).href;
const { billOfMaterials }: { billOfMaterials(options?: { dev: boolean }): Bill } = await import(script);
const bill = billOfMaterials();
const packages = bill.components.filter(({ purl }) => purl);
const lock: { packages: Record<string, { version: string; dev?: boolean; devOptional?: boolean }> } = JSON.parse(
  readFileSync(path.join(root, 'package-lock.json'), 'utf8'),
);

const namesOf = (components: Component[]) => new Set(components.map(({ name, version }) => `${name}@${version}`));
const locked = (wanted: (entry: { dev?: boolean; devOptional?: boolean }) => boolean) =>
  Object.entries(lock.packages)
    .filter(([at, entry]) => at !== '' && wanted(entry))
    .map(([at, { version }]) => `${at.slice(at.lastIndexOf('node_modules/') + 13)}@${version}`);

it('is CycloneDX, of the hub by its own name', () => {
  expect(bill.bomFormat).toBe('CycloneDX');
  expect(bill.metadata.component).toMatchObject({ name: 'tocsin', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});

it('names every package of an installation for production, and no tool of developers alone', () => {
  const names = namesOf(packages);
  expect([...new Set(locked(({ dev, devOptional }) => !dev && !devOptional))].filter((one) => !names.has(one))).toEqual(
    [],
  );
  const tools = new Set(locked(({ dev }) => dev === true));
  for (const kept of locked(({ dev }) => !dev)) tools.delete(kept);
  expect([...tools].filter((one) => names.has(one))).toEqual([]);
  const all = namesOf(billOfMaterials({ dev: true }).components);
  expect([...tools].filter((one) => !all.has(one))).toEqual([]);
});

it('gives the hash of each package and file, and a licence under which the hub may be given away', () => {
  const licences =
    /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|(Apache-2\.0 AND )?LGPL-3\.0-or-later( AND MIT)?|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|OFL-1\.1|etalab-2\.0|OASIS IPR policy|\(MIT AND BSD-3-Clause\))$/;
  for (const { name, hashes = [], licenses = [] } of bill.components) {
    expect(hashes[0]?.content, name).toMatch(/^[0-9a-f]{64,}$/);
    expect(licenses.length, name).toBeGreaterThan(0);
    for (const { license, expression } of licenses)
      expect(license?.id ?? license?.name ?? expression, name).toMatch(licences);
  }
});

it('names the files of others that the repository carries', () => {
  const carried = globSync('src/**/*.{ttf,otf,woff,woff2,xsd,json,png,jpg,svg,csv}', { cwd: root }).sort();
  expect(
    bill.components
      .filter(({ purl }) => !purl)
      .map((one) => one['bom-ref'])
      .sort(),
  ).toEqual(carried);
});
