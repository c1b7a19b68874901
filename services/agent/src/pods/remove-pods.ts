import type { AgentPorts } from '../agent-ports.ts'

/** Removes everything of the node from its machine: containers, volumes, and the pods' network. */
export async function removePods({ runtime, disk }: Pick<AgentPorts, 'runtime' | 'disk'>) {
  const containers = await runtime.list()
  await Promise.all(containers.map(({ id }) => runtime.remove(id)))
  for (const podUid of await disk.pods()) await disk.remove(podUid)
  await disk.tearDown()
  await runtime.tearDown()
}
