/** Whether an error is a system error with this code: `ENOENT`, `EADDRINUSE`. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
