/** Says what was measured: a figure that no test asserts, since it is another on every machine. */
export const tell = (line: string): void => console.info(line);
