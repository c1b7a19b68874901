import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { ConfigurationError, readConfiguration, runProcess } from '@reckon/process'
import {
  masterKeyOption,
  openTokenKey,
  openTrustedPorts,
  openVault,
  tokenKeyOption,
  trustedOptions,
} from '@reckon/process/trusted'
import { openAuthority } from './certificate-signing/x509-authority.ts'
import { wireAccessFile } from './node-access/wire-access-file.ts'
import { nodeGraceSecondsDefault } from './replicate-term.ts'
import { runReplicator } from './run-replicator.ts'

const options = {
  name: { description: 'what this one of several is called', default: 'replicator' },
  'master-key': masterKeyOption,
  'service-account-key': tokenKeyOption,
  'root-ca': {
    description: "the file with the certificate that pods know the api by; none: they aren't told",
    default: '',
  },
  'edge-nodes': {
    description: 'the nodes that edges run on, by commas: they are labelled as such',
    default: '',
  },
  'client-signer': {
    description:
      "the file with the certificate in whose name users' certificates are signed; none: none are",
    default: '',
  },
  'client-signer-key': {
    description: 'the file with its key (PEM, P-256)',
    default: '',
  },
  'joined-nodes': {
    description:
      'the file that tells who runs nats-server which nodes of other machines it lets in; none: none is let in',
    default: '',
  },
  'node-grace-seconds': {
    description: 'so long an agent may be silent before its node counts as unreachable',
    default: String(nodeGraceSecondsDefault),
  },
  ...trustedOptions('replicator'),
} as const

/** The shortest grace time: so many heartbeats may be missing without any reason. */
const nodeGraceSecondsMin = 3

await runProcess('replicator', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const rootCa = given['root-ca'] ? await readFile(given['root-ca'], 'utf8') : undefined
  const tokenKey = await openTokenKey(given['service-account-key'])
  const clientSigner = await openAuthority(given['client-signer'], given['client-signer-key'])
  const nodeGraceSeconds = Number(given['node-grace-seconds'])
  if (!(nodeGraceSeconds >= nodeGraceSecondsMin)) {
    throw new ConfigurationError(`--node-grace-seconds is a number from ${nodeGraceSecondsMin} on`)
  }
  const vault = await openVault(given['master-key'])
  const ports = await openTrustedPorts('replicator', given, context)
  const holder = `${given.name}@${hostname()}`
  try {
    const edgeNodes = given['edge-nodes'].split(',').filter((name) => name !== '')
    const joinedNodes = given['joined-nodes']
    const own = {
      ...{ ...ports, rootCa, tokenKey, edgeNodes, clientSigner },
      ...(joinedNodes && { wireAccess: wireAccessFile(joinedNodes) }),
      ...(vault && { vault }),
    }
    await runReplicator(own, { holder, nodeGraceSeconds }, context.signal)
  } finally {
    await ports.close()
  }
})
