import { hostname } from 'node:os'
import {
  masterKeyOption,
  openTrustedPorts,
  openVault,
  readConfiguration,
  runProcess,
  trustedOptions,
} from '@reckon/process'
import { runReplicator } from './run-replicator.ts'

const options = { 'master-key': masterKeyOption, ...trustedOptions('replicator') } as const

await runProcess('replicator', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const vault = await openVault(given['master-key'])
  const ports = await openTrustedPorts('replicator', given, context)
  const holder = `replicator@${hostname()}`
  try {
    await runReplicator({ ...ports, ...(vault && { vault }) }, { holder }, context.signal)
  } finally {
    await ports.close()
  }
})
