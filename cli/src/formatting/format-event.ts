import type { RecordedEvent } from '@reckon/eventing'
import pc from 'picocolors'
import { timeText } from './history-text.ts'

/** An event of the history API: positions and revisions are decimal strings. */
export type LoggedEvent = Omit<RecordedEvent, 'position' | 'revision'> & {
  position: string
  revision: string
}

const valueLengthMax = 60
const operationsShown = 4
/** The length of the longest name of our own users. */
const actorWidth = 'generic-garbage-collector'.length

/** One event in one line: position, time, actor, stream, event type, and changes. */
export function formatEvent(event: LoggedEvent, { color }: { color: boolean }): string {
  const { dim, cyan, bold } = pc.createColors(color)
  const { time = '', actor } = event.metadata ?? {}
  return [
    dim(event.position.padStart(8)),
    dim(timeText(time)),
    shortName(actor?.user ?? '-').padEnd(actorWidth),
    cyan(event.stream),
    bold(event.type),
    changeOf(event.data),
  ].join('  ')
}

/** `system:controller:deployment-controller` without its common prefix; `--actor` accepts this form, too. */
const shortName = (user: string): string => user.slice(user.lastIndexOf(':') + 1)

type Operation = { op: string; path: string; value?: unknown }

/** The changes in one line: each path with its new value, shortened. */
function changeOf(data: unknown): string {
  const { patch, sealed } = (data ?? {}) as { patch?: Operation[]; sealed?: object }
  if (sealed) return '(sealed)'
  if (!patch) return ''
  const shown = patch.slice(0, operationsShown).map(({ op, path, value }) => {
    const name = path.slice(1).split('/').map(unescaped).join('.')
    return op === 'remove' ? `-${name}` : `${name}=${shortened(value)}`
  })
  const more = patch.length - shown.length
  return shown.join(' ') + (more > 0 ? ` (+${more} more)` : '')
}

/** Unescapes a step of a JSON pointer (RFC 6901). */
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax - 1)}…` : text
}
