import type { Author } from '@reckon/domain'
import type { FieldChange } from '@reckon/kubernetes'

const valueLengthMax = 80

/** `admin (kubectl/v1.33.1)`. */
export function authorText({ user, client, impersonator }: Author): string {
  const program = client?.split(' ')[0]
  const by = impersonator ? `${impersonator} as ${user}` : user
  return program ? `${by} (${program})` : by
}

/** `2026-11-27 14:02:11.5`, as the log shows it. */
export const timeText = (time: string): string => time.replace('T', ' ').replace('Z', '')

/** `spec.replicas: 2 → 4`. */
export function fieldText({ field, from, to }: FieldChange): string {
  if (from === undefined) return `+ ${field}: ${valueText(to)}`
  if (to === undefined) return `- ${field}: ${valueText(from)}`
  return `  ${field}: ${valueText(from)} → ${valueText(to)}`
}

export function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const line = text.replaceAll('\n', '⏎')
  return line.length > valueLengthMax ? `${line.slice(0, valueLengthMax - 1)}…` : line
}
