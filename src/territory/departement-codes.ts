/** The codes of the whole Département in the lists of others, as CAP messages name areas: valueName, value. */
export const DEPARTEMENT_CODES = [
  ['INSEE_DEP', '91'],
  ['NUTS3', 'FR104'],
  ['EMMA_ID', 'FR066'],
] as const;

/** Whether a geocode means the whole Département, however its name is written. */
export const isDepartement = (name: string, value: string): boolean =>
  DEPARTEMENT_CODES.some(([known, code]) => known === plainCode(name) && code === plainCode(value));

/** Whether a geocode is of one of the lists that have a code for the Département. */
export const isOfKnownList = (name: string): boolean => DEPARTEMENT_CODES.some(([known]) => known === plainCode(name));

/** The name of a list or one of its codes: capitals, and `_` for what parts words. */
export const plainCode = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .toUpperCase()
    .replace(/[\s_-]+/g, '_')
    .replace(/^NUTS_3$/, 'NUTS3');
