import { type Logger, pino } from 'pino'

export type { Logger }

/** Structured lines on standard output, one JSON object each; `reckon up` shows them readable and prefixed. */
export const createLogger = (name: string): Logger =>
  pino({ name, base: { name }, timestamp: pino.stdTimeFunctions.isoTime })
