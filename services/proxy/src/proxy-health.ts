import type { HealthReport } from '@reckon/process'
import type { ProxyStatus } from './run-proxy.ts'

/** Ready once all outputs that route to pods have been applied; other problems are only reported. */
export function proxyHealth(
  { position, applied, failures, troubles: lesser }: ProxyStatus,
  others: readonly string[],
): HealthReport {
  const troubles = [...failures, ...lesser, ...others]
  return {
    ready: applied !== undefined && failures.length === 0,
    ...(applied === undefined ? {} : { position: applied.toString() }),
    ...(position === undefined ? {} : { head: position.toString() }),
    ...(troubles.length === 0 ? {} : { detail: troubles.join('; ') }),
  }
}

const namedMax = 5

/** As a message for the operator. */
export function unreachedText(nodes: readonly string[]): string {
  const named = nodes.slice(0, namedMax).join(', ')
  const more = nodes.length > namedMax ? ` and ${nodes.length - namedMax} more nodes` : ''
  return `no way leads from this machine to pods of ${named}${more}: no address of theirs is known, or none of its own`
}
