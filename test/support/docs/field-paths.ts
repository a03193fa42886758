/** The paths of all fields in a JSON value: `.items[].url`. Items of a list share theirs. */
export const fieldPaths = (value: unknown, at = ''): string[] =>
  Array.isArray(value)
    ? value.flatMap((one) => fieldPaths(one, `${at}[]`))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, one]) => [`${at}.${name}`, ...fieldPaths(one, `${at}.${name}`)])
      : [];
