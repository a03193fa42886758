import type { Territory } from '../../../src/territory/territory.ts';

/** An address as the tests write it into a file. */
export interface FiledAddress {
  numero?: number | string;
  rep?: string;
  nom_voie: string;
  code_postal?: string;
  code_insee: string;
  lon: number | string;
  lat: number | string;
}

/** The columns of the Base Adresse Nationale, in the order of one of its editions. */
export const HEADING =
  'id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat;type_position;cad_parcelles';

export const lineOf = (of: FiledAddress): string =>
  `${of.code_insee}_0001;;${of.numero ?? ''};${of.rep ?? ''};${of.nom_voie};${of.code_postal ?? ''};${of.code_insee};Commune;652000.1;6842000.2;${of.lon};${of.lat};entrée;`;

export const fileOf = (addresses: readonly FiledAddress[]): string =>
  `${[HEADING, ...addresses.map(lineOf)].join('\n')}\n`;

const KINDS = ['Rue', 'Rue', 'Avenue', 'Rue', 'Allée', 'Rue', 'Chemin', 'Impasse', 'Rue', 'Place'];
const SYLLABLES = [
  'bel',
  'mar',
  'ri',
  'vau',
  'gen',
  'lon',
  'tre',
  'fon',
  'cha',
  'pel',
  'mon',
  'ber',
  'sau',
  'du',
  'vil',
  'ner',
];

/** A name as no street has it, made of a number. */
function nameOf(seed: number): string {
  const syllable = (at: number) => SYLLABLES[(seed >> (4 * at)) & 15] ?? '';
  const word = syllable(0) + syllable(1) + syllable(2);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/** The lines of a file as long as a Département's: `streets` of about `numbers` numbers each, over all communes. */
export function* longFile(
  { communes }: Pick<Territory, 'communes'>,
  streets: number,
  numbers: number,
): Generator<string> {
  yield `${HEADING}\n`;
  for (let street = 0; street < streets; street += 1) {
    const commune = communes[(street * 7_919) % communes.length];
    if (!commune) return;
    const [lon = 0, lat = 0] = commune.centre.coordinates;
    const nom_voie = `${KINDS[street % KINDS.length]} ${nameOf((street * 2_654_435) % 4_096)} ${nameOf((street * 40_503) % 4_096)}`;
    const of = { nom_voie, code_insee: commune.code, code_postal: commune.postalCodes[0] ?? '' };
    const [west, south] = [lon + ((street * 31) % 200) / 10_000 - 0.01, lat + ((street * 17) % 200) / 10_000 - 0.01];
    const lines = Array.from({ length: numbers }, (_, at) =>
      lineOf({ ...of, numero: at + 1, lon: (west + at * 0.0001).toFixed(6), lat: south.toFixed(6) }),
    );
    yield `${lines.join('\n')}\n`;
  }
}
