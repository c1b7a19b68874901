import type { ApiPorts } from '../ports.ts'

const waitMsMax = 2_000

/**
 * Judges on the view. If that finds a problem, judges again once the view is at the log's head, because another api may
 * be ahead.
 */
export async function judgedAtHead<T extends object>(
  { objects, reader }: Pick<ApiPorts, 'objects' | 'reader'>,
  judge: () => T | { problem: string },
): Promise<T | { problem: string }> {
  const first = judge()
  if (!('problem' in first)) return first
  const { position } = objects
  await reader.waitForHead(waitMsMax)
  return position === objects.position ? first : judge()
}
