/** What the supervisor has to tell: a process was started, found running, or has ended. */
export type Report = (process: string, message: string) => void
