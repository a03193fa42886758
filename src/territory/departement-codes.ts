/** The codes of the whole Département in the lists of others, as CAP messages name areas: valueName, value. */
export const DEPARTEMENT_CODES = [
  ['INSEE_DEP', '91'],
  ['NUTS3', 'FR104'],
  ['EMMA_ID', 'FR066'],
] as const;

/** Other names that publishers give to these lists, as `plainCode` leaves them. */
const LISTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:CODE_)?NUTS(?:_?3)?(?:_CODE|_ID)?(?:_\d{4})?$/, 'NUTS3'],
  [/^EMMA(?:_?ID|_CODE)?$/, 'EMMA_ID'],
  [/^(?:CODE_)?(?:INSEE_)?(?:DEP|DEPT|DEPARTEMENT|CODE_DEPARTEMENT)(?:_INSEE)?$/, 'INSEE_DEP'],
  [/^ISO_?3166(?:_2)?$/, 'INSEE_DEP'],
];
const INSEE = /^(?:CODE_)?(?:INSEE(?:_COM|_COMM|_COMMUNE)?|COMMUNE|COG|LAU_?2?)(?:_INSEE)?$/;

const listOf = (name: string): string => {
  const plain = plainCode(name);
  return LISTS.find(([pattern]) => pattern.test(plain))?.[1] ?? plain;
};

/** Whether a geocode means the whole Département, however its name is written. */
export const isDepartement = (name: string, value: string): boolean =>
  DEPARTEMENT_CODES.some(([known, code]) => {
    const written = plainCode(value);
    return known === listOf(name) && (written === code || written.replace(/^(?:FR_?|0)(?=\d{2}$)/, '') === code);
  });

/** Whether a geocode is of one of the lists that have a code for the Département. */
export const isOfKnownList = (name: string): boolean => DEPARTEMENT_CODES.some(([known]) => known === listOf(name));

/** Whether a geocode is of the list of communes by INSEE, under one of the names that publishers give to it. */
export const isOfCommunes = (name: string): boolean => INSEE.test(plainCode(name));

/** The name of a list or one of its codes: capitals without accents, and `_` for what parts words. */
const plainCode = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toUpperCase()
    .replace(/[\s_-]+/g, '_');
