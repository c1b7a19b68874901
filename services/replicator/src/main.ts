import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readConfiguration, runProcess } from '@reckon/process'
import {
  masterKeyOption,
  openTokenKey,
  openTrustedPorts,
  openVault,
  tokenKeyOption,
  trustedOptions,
} from '@reckon/process/trusted'
import { runReplicator } from './run-replicator.ts'

const options = {
  name: { description: 'what this one of several is called', default: 'replicator' },
  'master-key': masterKeyOption,
  'service-account-key': tokenKeyOption,
  'root-ca': {
    description: "the file with the certificate that pods know the api by; none: they aren't told",
    default: '',
  },
  ...trustedOptions('replicator'),
} as const

await runProcess('replicator', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const rootCa = given['root-ca'] ? await readFile(given['root-ca'], 'utf8') : undefined
  const tokenKey = await openTokenKey(given['service-account-key'])
  const vault = await openVault(given['master-key'])
  const ports = await openTrustedPorts('replicator', given, context)
  const holder = `${given.name}@${hostname()}`
  try {
    const own = { ...ports, rootCa, tokenKey, ...(vault && { vault }) }
    await runReplicator(own, { holder }, context.signal)
  } finally {
    await ports.close()
  }
})
