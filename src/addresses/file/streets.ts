import type { Commune } from '../../territory/territory.ts';
import { wordsOfName } from '../street-words.rules.ts';
import { looksLikeOthers } from '../typed-address.rules.ts';
import type { FileAddress } from './address-line.rules.ts';

interface Gathered extends Pick<FileAddress, 'street' | 'postalCode' | 'commune'> {
  readonly id: number;
  /** Longitude and latitude of each address, in turns. */
  readonly places: number[];
  numbers: number;
}

/** A street as it is written down. */
export interface StreetRow {
  readonly id: number;
  readonly name: string;
  readonly postalCode: string | null;
  readonly commune: string;
  readonly lon: number;
  readonly lat: number;
  readonly nameWords: number;
  readonly numbers: number;
  readonly words: readonly string[];
}

/** The streets of a file, gathered from its lines: names within a commune and a postal code. */
export class Streets {
  readonly #streets = new Map<string, Gathered>();

  get size(): number {
    return this.#streets.size;
  }

  /** Counts an address to its street; answers the street's id. */
  add({ street, postalCode, commune, lon, lat, number }: FileAddress): number {
    const key = `${commune} ${postalCode} ${street}`;
    let found = this.#streets.get(key);
    if (!found) {
      found = { id: this.#streets.size + 1, street, postalCode, commune, places: [], numbers: 0 };
      this.#streets.set(key, found);
    }
    found.places.push(lon, lat);
    if (number !== null) found.numbers += 1;
    return found.id;
  }

  /** Every street. Its commune is found by former names too, since people go on using them. */
  rows(communeOf: CommuneOf): StreetRow[] {
    const towns = this.#towns(communeOf);
    return [...this.#streets.values()].map(({ id, street, postalCode, commune, places, numbers }) => {
      const name = wordsOfName(street);
      const words = new Set([...name, ...(towns.get(commune) ?? []), ...(postalCode === null ? [] : [postalCode])]);
      const [lon, lat] = middleOf(places);
      return { id, name: street, postalCode, commune, lon, lat, nameWords: name.length, numbers, words: [...words] };
    });
  }

  /** Words that may stand in for mistyped ones. */
  wordsToOffer(communeOf: CommuneOf): string[] {
    const towns = [...this.#towns(communeOf).values()].flat();
    const streets = [...this.#streets.values()].flatMap(({ street }) => wordsOfName(street));
    return [...new Set([...towns, ...streets])].filter(looksLikeOthers);
  }

  /** The words of each commune's names. */
  #towns(communeOf: CommuneOf): ReadonlyMap<string, string[]> {
    const codes = new Set([...this.#streets.values()].map(({ commune }) => commune));
    const namesOf = (code: string) => {
      const { name, formerNames } = communeOf(code) ?? { name: '', formerNames: [] };
      return [name, ...formerNames];
    };
    return new Map([...codes].map((code) => [code, namesOf(code).flatMap(wordsOfName)]));
  }
}

type CommuneOf = (code: string) => Pick<Commune, 'name' | 'formerNames'> | undefined;

/** Of all places the one that is nearest to their middle: the middle itself of a street with a bend lies in somebody's garden. */
function middleOf(places: readonly number[]): [lon: number, lat: number] {
  const count = places.length / 2;
  const sums = [0, 1].map((axis) => places.reduce((sum, value, at) => (at % 2 === axis ? sum + value : sum), 0));
  const [lon = 0, lat = 0] = sums.map((sum) => sum / count);
  let best: [number, number] = [lon, lat];
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < places.length; at += 2) {
    const [x, y] = [places[at] ?? lon, places[at + 1] ?? lat];
    const away = (x - lon) ** 2 + (y - lat) ** 2;
    if (away < least) [best, least] = [[x, y], away];
  }
  return best;
}
