import { instant, parisTime } from '../../clock.ts';

const MOST_OCTETS = 75;
const HOUR = 3600_000;

/** A content line, folded at 75 octets without cutting a character. The value is as RFC 5545 wants it (see `escapeText`). */
export function contentLine(name: string, value: string): string {
  const lines: string[] = [];
  let [line, octets] = ['', 0];
  for (const character of `${name}:${value}`) {
    const size = Buffer.byteLength(character);
    if (octets + size > MOST_OCTETS) {
      lines.push(line);
      [line, octets] = [' ', 1];
    }
    line += character;
    octets += size;
  }
  return [...lines, line].join('\r\n');
}

/** Text as a value of type TEXT. */
export const escapeText = (text: string): string =>
  text.replace(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');

/** A moment in UTC: 20160602T120000Z. */
export const utcStamp = (moment: string): string =>
  `${new Date(moment).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

const wallClock = (at: number): string => parisTime(new Date(at)).slice(0, 19);

/** Whether the clocks of Paris show this hour twice that night: readers would take either for the second. */
const isRepeated = (at: number): boolean =>
  wallClock(at - HOUR) === wallClock(at) || wallClock(at + HOUR) === wallClock(at);

/** A property that holds a moment: Paris time, or UTC where Paris time would be ambiguous. */
export function parisProperty(name: string, moment: string): string {
  const at = instant(moment);
  return isRepeated(at)
    ? `${name}:${utcStamp(moment)}`
    : `${name};TZID=Europe/Paris:${wallClock(at).replaceAll(/[-:]/g, '')}`;
}
