/** How long a test waits for a condition before it fails, in milliseconds: much, since a machine under load is slow, not wrong. */
export const PATIENCE_MS = 60_000;
