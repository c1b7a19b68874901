/**
 * Orders the reports of a pod or Node: boots number the starts of an agent, and reports are numbered within a boot.
 * Earlier versions identified boots by clock times.
 */
export type ReportNumber = { boot: number; number: number } | { bootId: string; number: number }

/** One start of a node's agent: the id that it drew, and the number of the start. */
export type Boot = { id: string; number: number }

/** A boot as the agent reports it; it does not know the number until it is told. */
export type ReportedBoot = { bootId: string; boot?: number }

/**
 * The number of a boot is derived from the revision at which it is recorded in the Node's stream. So it is unique,
 * higher than all before, and stays so when the Node is deleted and created again.
 */
export const bootNumberAt = (revision: bigint): number => Number(revision) + 1

/**
 * How a report's boot relates to the last recorded one: the same, a new one to be numbered, or an older one. An older
 * one that does not know its number yet cannot be distinguished from a new one.
 */
export function ageOfBoot(
  recorded: Boot | undefined,
  reported: ReportedBoot,
): 'New' | 'Same' | 'Old' {
  if (recorded === undefined) return 'New'
  if (recorded.id === reported.bootId) return 'Same'
  return reported.boot !== undefined && reported.boot < recorded.number ? 'Old' : 'New'
}

/**
 * Whether a report is newer than the last recorded one: by the numbers of boot and report, never by a clock. Boots
 * identified by clock times are older than all numbered ones.
 */
export function isLater(
  report: { boot: number; number: number },
  last: ReportNumber | undefined,
): boolean {
  if (last === undefined || !('boot' in last)) return true
  return report.boot === last.boot ? report.number > last.number : report.boot > last.boot
}
