/** Whether an error is the operating system's with this code: `ENOENT`, `EADDRINUSE`. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
