/** Who did something, as the history API tells it. */
export type ToldAuthor = {
  position: string
  time: string
  user: string
  verb: string
  client?: string
  manager?: string
  impersonator?: string
}

/** What became of a field; absent: it was not there, or is gone. */
export type ToldField = { field: string; from?: unknown; to?: unknown }

const valueLengthMax = 80

/** `admin (kubectl/v1.33.1)`. */
export function authorText({ user, client, impersonator }: ToldAuthor): string {
  const program = client?.split(' ')[0]
  const by = impersonator ? `${impersonator} as ${user}` : user
  return program ? `${by} (${program})` : by
}

/** `2026-11-27 14:02:11.5`, as the log shows it. */
export const timeText = (time: string): string => time.replace('T', ' ').replace('Z', '')

/** `spec.replicas: 2 → 4`. */
export function fieldText({ field, from, to }: ToldField): string {
  if (from === undefined) return `+ ${field}: ${valueText(to)}`
  if (to === undefined) return `- ${field}: ${valueText(from)}`
  return `  ${field}: ${valueText(from)} → ${valueText(to)}`
}

export function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const line = text.replaceAll('\n', '⏎')
  return line.length > valueLengthMax ? `${line.slice(0, valueLengthMax - 1)}…` : line
}
