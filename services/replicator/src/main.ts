import { hostname } from 'node:os'
import { Objects } from '@reckon/domain'
import {
  masterKeyOption,
  openTrustedPorts,
  openVault,
  readConfiguration,
  runProcess,
  trustedOptions,
} from '@reckon/process'
import { PodsEverCreated } from './pods-ever-created.ts'
import { runReplicator } from './run-replicator.ts'

const options = { 'master-key': masterKeyOption, ...trustedOptions('replicator') } as const

await runProcess('replicator', async (context) => {
  const { signal } = context
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const objects = new Objects(await openVault(given['master-key']))
  const podsEverCreated = new PodsEverCreated()
  const ports = await openTrustedPorts('replicator', given, [objects, podsEverCreated], context)
  const holder = `replicator@${hostname()}`
  try {
    await Promise.all([
      ports.reader.run(signal),
      runReplicator({ ...ports, objects, podsEverCreated }, { holder }, signal),
    ])
  } finally {
    await ports.close()
  }
})
