import { hostname } from 'node:os'
import { readConfiguration, runProcess } from '@reckon/process'
import {
  masterKeyOption,
  openTrustedPorts,
  openVault,
  trustedOptions,
} from '@reckon/process/trusted'
import { runReplicator } from './run-replicator.ts'

const options = {
  name: { description: 'what this one of several is called', default: 'replicator' },
  'master-key': masterKeyOption,
  ...trustedOptions('replicator'),
} as const

await runProcess('replicator', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const vault = await openVault(given['master-key'])
  const ports = await openTrustedPorts('replicator', given, context)
  const holder = `${given.name}@${hostname()}`
  try {
    await runReplicator({ ...ports, ...(vault && { vault }) }, { holder }, context.signal)
  } finally {
    await ports.close()
  }
})
