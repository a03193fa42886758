import { type FieldFault, invalidInput, readInput } from '../../errors.ts';
import type { Territory } from '../../territory/territory.ts';
import { kindOf } from '../kinds.ts';
import type { PublicationKind } from '../vocabulary.ts';
import type { AreaContent, Content } from './content.ts';
import { canonical } from './fingerprint.ts';
import { bindTranslations } from './translations.rules.ts';

/** Former codes become their successors; an area drawn by a shape alone gets the communes that it touches. */
function settleArea(area: AreaContent, territory: Territory): AreaContent {
  const codes = area.communes.map((code) => territory.byCode(code)?.code ?? code);
  const communes =
    codes.length === 0 && area.geometry ? territory.communesTouching(area.geometry).map(({ code }) => code) : codes;
  return { ...area, communes: [...new Set(communes)].sort() };
}

/** Areas name communes of the Département, or are drawn in it or near it (I-08). */
function areaFaults(areas: readonly AreaContent[], territory: Territory): FieldFault[] {
  return areas.flatMap((area, index) => [
    ...area.communes.flatMap((code, at) =>
      territory.byCode(code)
        ? []
        : [
            {
              path: `areas.${index}.communes.${at}`,
              message: `${code} is not the INSEE code of a commune of the Essonne, of today or of the past`,
            },
          ],
    ),
    ...(area.geometry && !territory.touchesDepartement(area.geometry)
      ? [{ path: `areas.${index}.geometry`, message: 'must touch the Essonne (5 km tolerance)' }]
      : []),
    ...(area.communes.length === 0 && !area.geometry
      ? [{ path: `areas.${index}`, message: 'must name communes or draw a geometry' }]
      : []),
  ]);
}

/** An area that is no part of a publication, settled as one of those is. Throws INVALID_INPUT with every fault, paths below `root`. */
export function settledArea(given: AreaContent, territory: Territory, root: string): AreaContent {
  const area = settleArea(given, territory);
  const faults = areaFaults([area], territory);
  if (faults.length > 0)
    throw invalidInput(faults.map(({ path, message }) => ({ path: path.replace(/^areas\.0/, root), message })));
  return area;
}

/**
 * Reads the fields of an input as the content of a kind: canonical, with translations bound to the French text.
 * `before` is the content that this one replaces, if any. Throws INVALID_INPUT with every fault, paths below `input`.
 */
export function readContent(
  name: PublicationKind,
  input: unknown,
  territory: Territory,
  before: Content | null = null,
): Content {
  return settledContent(name, readInput(kindOf(name).schema, input, 'input'), territory, before);
}

/** The same for a content that was read before and has changed since, by a delay say. */
export function settledContent(
  name: PublicationKind,
  given: Content,
  territory: Territory,
  before: Content | null,
): Content {
  const kind = kindOf(name);
  const settled = kind.settle(given, territory, before);
  const content = { ...settled, areas: settled.areas.map((area) => settleArea(area, territory)) };
  const faults = [...kind.faults(content, territory), ...areaFaults(content.areas, territory)];
  if (faults.length > 0) throw invalidInput(faults.map(({ path, message }) => ({ path: `input.${path}`, message })));
  return canonical(bindTranslations(content, before));
}

/** The communes that content touches, sorted, each once. */
export const communesOf = (content: Content): string[] =>
  [...new Set(content.areas.flatMap(({ communes }) => communes))].sort();
