import { type Logger, pino } from 'pino';

/**
 * JSON lines on stdout. Tokens never reach them. They go through process.stdout, and not through pino's own writer, so
 * that the process learns when their reader is gone. Each line names the worker, where there are several.
 */
export const createLogger = (level: string, worker?: number): Logger =>
  pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['req.headers.authorization', 'headers.authorization', 'connectionParams.authorization'],
    },
    process.stdout,
  );
