/** Where a loop tells an operator what it waits for. pino's loggers fit this interface. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export const silent: Logger = { info() {}, warn() {} }
