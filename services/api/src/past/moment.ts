import type { ResourceTable } from '@reckon/kubernetes'

/** A moment of the past that a request is about, instead of the present. */
export type Moment = {
  position: bigint
  /** To when ages are counted, in milliseconds since the Unix epoch. */
  timeMs: number
  /** The kinds that were served then. */
  resources: ResourceTable
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route sees the request; undefined where it is about the present. */
    moment: Moment | undefined
  }
}
