import { typeUrl } from './envoy-object.ts'

/** The filter that buffers a body before it is forwarded. */
export const bodyFilter = 'envoy.filters.http.buffer'

const perRoute = (content: object) => ({
  typed_per_filter_config: {
    [bodyFilter]: {
      '@type': typeUrl('envoy.extensions.filters.http.buffer.v3.BufferPerRoute'),
      ...content,
    },
  },
})

/** Bodies are forwarded as they arrive: for routes that do not say otherwise. */
export const bodiesUnlimited = perRoute({ disabled: true })

/** A body of unknown length is buffered, so that one that is too long never reaches a pod. */
export const bodiesUpTo = (bytes: number): object =>
  perRoute({ buffer: { max_request_bytes: bytes } })
