import { type Logger, pino } from 'pino';

/**
 * JSON lines on stdout. Tokens never reach them. They go through process.stdout, and not through pino's own writer, so
 * that the process learns when nobody reads them any more.
 */
export const createLogger = (level: string): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['req.headers.authorization', 'headers.authorization', 'connectionParams.authorization'],
    },
    process.stdout,
  );
