import { type Logger, pino } from 'pino';

/** JSON lines on stdout. Tokens never reach them. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', 'headers.authorization', 'connectionParams.authorization'],
  });
