/** Whether a test can run here; says aloud why it cannot. Use it with `describe.runIf` or `it.runIf`. */
export function given(condition: boolean, what: string): boolean {
  if (!condition) console.warn(`Skipped, because this is not given: ${what}`);
  return condition;
}
