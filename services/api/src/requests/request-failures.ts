import { KeyFailure } from '@reckon/eventing'
import { type Counter, counterIn, createMetrics, KeyFailures } from '@reckon/process'
import type { FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'

/** Handles bugs in answering a request: that client gets a 500, all others go on. */
export class RequestFailures {
  readonly #ports: ApiPorts
  readonly #keys: KeyFailures
  readonly #others: Counter

  constructor(ports: ApiPorts) {
    const { logger, clock, metrics = createMetrics() } = ports
    this.#ports = ports
    this.#keys = new KeyFailures('request', { logger, clock, metrics })
    this.#others = counterIn(metrics, {
      name: 'reckon_request_failures_total',
      help: 'Requests that failed by a bug that is none of one object',
    })
  }

  /** Logs the stack; for an object that a bug keeps from being written, once for each of its versions. */
  note(error: unknown, { method, url }: FastifyRequest): void {
    const { logger, objects } = this.#ports
    if (error instanceof KeyFailure) {
      const version = objects.ofStream(error.key)?.object.metadata.resourceVersion
      this.#keys.failed(error.key, error, version)
    } else {
      this.#others.inc()
      logger.error({ err: error, method, url }, 'a request failed')
    }
  }
}
