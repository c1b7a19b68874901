/** What the supervisor reports: a process was started, found running, or has ended. */
export type ProcessReporter = (process: string, message: string) => void
