import { typeUrl } from './envoy-object.ts'

const retriesDefault = 3
const unseen = 'connect-failure,refused-stream,reset-before-request'

/**
 * Retries on another endpoint: a request that must not be repeated only while no pod can have received it, others also
 * after a lost connection.
 */
export const retryPolicy = (request: 'Once' | 'Repeatable', retries = retriesDefault): object => ({
  retry_on: request === 'Once' ? unseen : `${unseen},reset`,
  num_retries: retries,
  retry_back_off: { base_interval: '0.005s', max_interval: '0.05s' },
  host_selection_retry_max_attempts: 3,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: {
        '@type': typeUrl('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
      },
    },
  ],
})
