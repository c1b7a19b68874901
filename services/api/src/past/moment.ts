import type { ResourceTable } from '@reckon/kubernetes'

/** The moment of the past that a request is about. */
export type Moment = {
  position: bigint
  /** The time to which ages are counted, in milliseconds since the Unix epoch. */
  timeMs: number
  /** The kinds that were served at that moment. */
  resources: ResourceTable
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route sees the request; undefined where the request is about the present. */
    moment: Moment | undefined
  }
}
