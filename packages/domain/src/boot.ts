/**
 * The reports of a pod or Node in order: boots count the agent's starts, numbers its reports in one of them. Before
 * boots were counted they had ids made from clocks.
 */
export type ReportNumber = { boot: number; number: number } | { bootId: string; number: number }

/** One start of a node's agent: the id that it drew for it, and which of the node's starts it is. */
export type Boot = { id: string; number: number }

/** What an agent says of its start: the number is absent until it was told. */
export type ReportedBoot = { bootId: string; boot?: number }

/**
 * A boot's number follows from the revision at which it is recorded in its Node's stream: no other has it, it is higher
 * than all before, and stays so when the Node is deleted and comes again.
 */
export const bootNumberAt = (revision: bigint): number => Number(revision) + 1

/**
 * What a report's boot is to the one that is recorded last: the same, a new one that is to be numbered, or an older
 * one. An older one that does not know its number yet counts as new, for nothing tells them apart.
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
 * Whether a report comes after the last recorded one: by the numbers of boot and report, never by a clock. Boots were
 * once named after clocks, and all of those came before the first that was counted.
 */
export function isLater(
  report: { boot: number; number: number },
  last: ReportNumber | undefined,
): boolean {
  if (last === undefined || !('boot' in last)) return true
  return report.boot === last.boot ? report.number > last.number : report.boot > last.boot
}
