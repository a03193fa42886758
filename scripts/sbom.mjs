import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environment, isProgram, onRightNode, root } from './runtime.mjs';

const QUESTION = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];

/** What the hub carries that npm does not bring: files of others in this repository. Licences by their names at SPDX. */
const CARRIED = [
  {
    type: 'file',
    name: 'Source Sans 3',
    files: ['src/channels/cards/fonts/SourceSans3-Regular.ttf', 'src/channels/cards/fonts/SourceSans3-Bold.ttf'],
    licenses: [{ license: { id: 'OFL-1.1' } }],
  },
  {
    type: 'file',
    name: 'CAP 1.2 schema of OASIS',
    files: ['src/formats/cap/cap-1.2.xsd'],
    licenses: [{ license: { name: 'OASIS IPR policy' } }],
  },
  {
    type: 'data',
    name: 'Communes of the Essonne: INSEE COG, La Poste, IGN',
    files: ['src/territory/communes.json'],
    licenses: [{ license: { id: 'etalab-2.0' } }],
  },
];

/**
 * The bill of materials of the hub, in CycloneDX 1.5: each package of an installation for production with version, licence
 * and the hash that npm checks; with `dev` the tools of developers too. Reads the lock file, so that it is the same on every
 * machine, whatever is installed there. Throws what npm said.
 */
export function billOfMaterials({ dev = false } = {}) {
  const bill = JSON.parse(
    execFileSync('npm', QUESTION, { cwd: root, env: environment, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 }),
  );
  const { name, version } = read('package.json');
  // npm calls the whole by the folder that it stands in.
  Object.assign(bill.metadata.component, { name, version });
  if (!dev) leaveOutTools(bill);
  bill.components.push(...CARRIED.flatMap(carriedFiles));
  return bill;
}

const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** By the lock file, because `npm sbom --omit=dev` leaves out what a tool of developers needs as well, such as zod. */
function leaveOutTools(bill) {
  const kept = new Set(
    Object.entries(read('package-lock.json').packages)
      .filter(([at, { dev }]) => at !== '' && !dev)
      .map(([at, { version }]) => `${at.slice(at.lastIndexOf('node_modules/') + 13)}@${version}`),
  );
  const isKept = (ref) => ref === bill.metadata.component['bom-ref'] || kept.has(ref);
  bill.components = bill.components.filter((one) => isKept(`${one.name}@${one.version}`));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => isKept(ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter(isKept) }));
}

function carriedFiles({ type, name, files, licenses }) {
  return files.map((file) => ({
    'bom-ref': file,
    type,
    name: `${name} (${file})`,
    hashes: [
      {
        alg: 'SHA-256',
        content: createHash('sha256')
          .update(readFileSync(path.join(root, file)))
          .digest('hex'),
      },
    ],
    licenses,
  }));
}

if (isProgram(import.meta.url) && (await onRightNode())) {
  console.log(JSON.stringify(billOfMaterials({ dev: process.argv.includes('--dev') }), undefined, 2));
}
