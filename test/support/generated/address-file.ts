import { Readable } from 'node:stream';
import { loadAddresses } from '../../../src/addresses/file/load-addresses.ts';
import type { Territory } from '../../../src/territory/territory.ts';
import { withSession } from '../database/cluster.ts';
import type { FiledAddress } from './address-lines.ts';

export const sourceOf = (file: string | Buffer): Readable => Readable.from([Buffer.from(file)]);

/** Loads a file as its operator would. */
export const loadInto = (url: string, territory: Territory, file: string) =>
  withSession(url, (session) => loadAddresses(session, sourceOf(file), territory));

const LONGJUMEAU = { code_insee: '91345', code_postal: '91160' };
const MASSY = { code_insee: '91377', code_postal: '91300' };
const along = (of: Omit<FiledAddress, 'lon' | 'lat'>, [lon, lat]: [number, number], numbers: readonly string[]) =>
  numbers.map((number, at) => {
    const [, numero, rep = ''] = /^(\d*)(.*)$/.exec(number) ?? [];
    return { ...of, numero, rep, lon: (lon + at * 0.0005).toFixed(6), lat: lat.toFixed(6) };
  });

/** A few streets, each for what is hard about it. */
export const FEW: readonly FiledAddress[] = [
  ...along({ ...LONGJUMEAU, nom_voie: 'Rue Aristide Briand' }, [2.2965, 48.6911], ['1', '3', '12', '12bis', '20']),
  ...along({ ...LONGJUMEAU, nom_voie: 'Rue des Vents' }, [2.29, 48.69], ['2', '4', '6', '8']),
  ...along({ ...LONGJUMEAU, nom_voie: 'Rue des 4 Vents' }, [2.291, 48.692], ['1', '2']),
  ...along({ ...LONGJUMEAU, nom_voie: 'Rue de Paris' }, [2.297, 48.693], ['1', '2', '3']),
  ...along({ ...LONGJUMEAU, nom_voie: 'Place Saint-Germain' }, [2.298, 48.694], ['5']),
  ...along({ ...LONGJUMEAU, nom_voie: 'Avenue de la 2ème DB' }, [2.299, 48.695], ['7']),
  ...along({ ...MASSY, nom_voie: 'Boulevard de la Libération' }, [2.2893, 48.7242], ['10', '12']),
  ...along({ ...MASSY, nom_voie: 'Allée Salvador Allende' }, [2.288, 48.725], ['1']),
  ...along({ ...MASSY, nom_voie: 'Rue de Paris' }, [2.286, 48.726], ['1', '2']),
  ...along(
    { code_insee: '91027', code_postal: '91200', nom_voie: 'Rue du 8 Mai 1945' },
    [2.3873, 48.7068],
    ['8', '1945'],
  ),
  ...along({ code_insee: '91182', code_postal: '91080', nom_voie: 'Rue du Pont' }, [2.4369, 48.6295], ['4']),
  { ...LONGJUMEAU, code_postal: '', nom_voie: 'La Roche Percée', lon: 2.301, lat: 48.687 },
];
