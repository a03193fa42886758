import type { Position } from 'geojson';
import { metresBetween } from '../../territory/segments.rules.ts';
import type { LintFinding } from '../content/lint.rules.ts';
import type { ClosureContent } from './closure.content.ts';
import { linesOf } from './road-lines.rules.ts';

/** Waze takes no closure that is shorter, and none that is longer (metres). */
const SHORTEST = 35;
const LONGEST = 10_000;

/** Advice on lines that Waze is known to refuse, and on roads that share a line there. A parking ban is not for Waze. */
export function wazeAdvice(closure: Pick<ClosureContent, 'roads' | 'path' | 'restriction'>): LintFinding[] {
  if (closure.restriction === 'PARKING_BAN') return [];
  const lines = linesOf(closure);
  const { roads, path } = closure;
  const advice = (at: string, message: string): LintFinding => ({ rule: 'W01', level: 'ADVICE', path: at, message });
  const refused = lines.flatMap((line, index) => {
    const message = refusal(lengthOf(line));
    return message ? [advice(path.type === 'LineString' ? 'path' : `path.coordinates.${index}`, message)] : [];
  });
  const isUneven = roads.length > 1 && roads.length !== lines.length;
  return isUneven ? [...refused, advice('path', UNEVEN)] : refused;
}

const UNEVEN =
  'Dessinez une ligne par rue, dans l’ordre des rues : sinon Waze donnera à une ligne le nom d’une autre rue.';

function refusal(metres: number): string | undefined {
  if (metres < SHORTEST) return `Tracé de ${Math.round(metres)} m : Waze refuse moins de ${SHORTEST} m. Prolongez-le.`;
  if (metres > LONGEST)
    return `Tracé de ${(metres / 1000).toFixed(1).replace('.', ',')} km : Waze refuse plus de 10 km. Coupez-le en plusieurs lignes.`;
  return undefined;
}

const lengthOf = (line: readonly Position[]): number =>
  line.slice(1).reduce((sum, to, index) => sum + metresBetween(line[index] ?? to, to), 0);
