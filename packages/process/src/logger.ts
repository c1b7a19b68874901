import { type Logger, pino } from 'pino'

export type { Logger }

/** Logs structured lines to standard output, one JSON object each; `reckon up` formats and prefixes them. */
export const createLogger = (name: string): Logger =>
  pino({ name, base: { name }, timestamp: pino.stdTimeFunctions.isoTime })
