/** What an error says; what is thrown and is none, as text. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
