import { isNoteDue } from '@reckon/eventing'
import type { StatusError } from '@reckon/kubernetes'
import { counterIn, createMetrics, type Metrics } from '@reckon/process'
import type { ApiLogger } from '../ports.ts'

/**
 * Counts reports that a node may not make, or that make no sense, by reason. They are logged at counts 1, 2, 4, 8…,
 * because a hostile node may repeat one as fast as it can.
 */
export class RefusedReports {
  readonly #logger: ApiLogger
  readonly #total: ReturnType<typeof counterIn<'reason'>>
  readonly #counts = new Map<string, number>()

  constructor({ logger, metrics = createMetrics() }: { logger: ApiLogger; metrics?: Metrics }) {
    this.#logger = logger
    this.#total = counterIn(metrics, {
      name: 'reckon_node_reports_refused_total',
      help: 'Reports of nodes that were refused, by reason.',
      labelNames: ['reason'],
    })
  }

  note(node: string, { reason, message }: StatusError): void {
    this.#total.inc({ reason })
    const count = (this.#counts.get(node) ?? 0) + 1
    this.#counts.set(node, count)
    if (isNoteDue(count)) this.#logger.warn({ node, reason, count, message }, 'a report is refused')
  }
}
