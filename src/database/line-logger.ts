import type { LogContext, Logger } from '@mikro-orm/core';

/** Passes on MikroORM's warnings and errors as plain lines; its information (versions, queries) is dropped. */
export const lineLogger = (write: (line: string) => void): Logger => ({
  log: (namespace, message, context?: LogContext) => {
    if (context?.level === 'warning' || context?.level === 'error') write(`${namespace}: ${message}`);
  },
  warn: (namespace, message) => write(`${namespace}: ${message}`),
  error: (namespace, message) => write(`${namespace}: ${message}`),
  logQuery: () => undefined,
  setDebugMode: () => undefined,
  isEnabled: (namespace) => namespace === 'info',
});
