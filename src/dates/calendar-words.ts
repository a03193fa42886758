/** Names of months and days in French and English, without accents; what begins one of them stands for it. */
const MONTHS = [
  ['janvier', 'january'],
  ['fevrier', 'february'],
  ['mars', 'march'],
  ['avril', 'april'],
  ['mai', 'may'],
  ['juin', 'june'],
  ['juillet', 'july'],
  ['aout', 'august'],
  ['septembre', 'september'],
  ['octobre', 'october'],
  ['novembre', 'november'],
  ['decembre', 'december'],
];
const WEEKDAYS = [
  ['lundi', 'monday'],
  ['mardi', 'tuesday'],
  ['mercredi', 'wednesday'],
  ['jeudi', 'thursday'],
  ['vendredi', 'friday'],
  ['samedi', 'saturday'],
  ['dimanche', 'sunday'],
].flat();

/** The number of a month by its name or the beginning of it, from 1; null where it means none or two ("jui"). */
export function monthOf(word: string): number | null {
  const meant = MONTHS.flatMap((names, index) => (names.some((name) => name.startsWith(word)) ? [index + 1] : []));
  return word.length >= 3 && meant.length === 1 ? (meant[0] ?? null) : null;
}

/** A date without the day of the week before it: the rest says the day. */
export const withoutWeekday = (text: string): string =>
  text.replace(/^([a-z]{3,9})\.?,? ?(?:le )?(?=[a-z]*\.? ?\d)/, (whole, word: string) =>
    WEEKDAYS.some((name) => name.startsWith(word)) ? '' : whole,
  );
