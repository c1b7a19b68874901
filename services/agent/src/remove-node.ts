import { type Runtime, sandboxName } from './runtime.ts'

/** Removes every container of the node, sandboxes last, and what they shared: the cluster is given up. */
export async function removeNode(runtime: Runtime): Promise<void> {
  const containers = await runtime.list()
  const isSandbox = ({ container }: { container: string }) => container === sandboxName
  const remove = ({ id }: { id: string }) => runtime.remove(id)
  await Promise.all(containers.filter((each) => !isSandbox(each)).map(remove))
  await Promise.all(containers.filter(isSandbox).map(remove))
  await runtime.dismantle()
}
