import { hostname } from 'node:os'
import { readConfiguration, runProcess } from '@reckon/process'
import { openTrustedPorts, trustedOptions } from '@reckon/process/trusted'
import { runScheduler } from './run-scheduler.ts'

const options = {
  name: { description: 'what this one of several is called', default: 'scheduler' },
  ...trustedOptions('scheduler'),
} as const

await runProcess('scheduler', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const ports = await openTrustedPorts('scheduler', given, context)
  const holder = `${given.name}@${hostname()}`
  try {
    await runScheduler(ports, { holder }, context.signal)
  } finally {
    await ports.close()
  }
})
