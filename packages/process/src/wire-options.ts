import type { BusOptions } from '@reckon/eventing/nats'
import type { Values } from './configuration.ts'

/** The address of the wire, for any process. */
export const wireOptions = {
  nats: { description: 'the address of nats-server', default: 'nats://127.0.0.1:4222' },
  'nats-ca': {
    description: "the file with the authority of nats-server's certificate; none: without TLS",
    default: '',
  },
} as const

/** The address of the wire, for a process of a node: on a joined machine the node has a key instead of a password. */
export const nodeWireOptions = {
  ...wireOptions,
  'nats-key': { description: "the file with the node's key (Ed25519, PEM)", default: '' },
} as const

/** The connection settings from these options. */
export const wireAt = (
  given: Values<typeof wireOptions> & Partial<Values<typeof nodeWireOptions>>,
): Pick<BusOptions, 'servers' | 'caFile' | 'keyFile'> => ({
  servers: given.nats,
  ...(given['nats-ca'] && { caFile: given['nats-ca'] }),
  ...(given['nats-key'] && { keyFile: given['nats-key'] }),
})
