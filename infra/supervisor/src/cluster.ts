import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Components } from '@reckon/bootstrap'
import { ensureCertificates } from './keys/certificates.ts'
import { ensureMasterKey } from './keys/master-key.ts'
import { ensureTokenKey } from './keys/token-key.ts'
import type { Layout } from './layout.ts'
import { drainEnvoy } from './processes/drain-envoy.ts'
import { processList } from './processes/process-list.ts'
import type { ProcessReporter } from './processes/process-reporter.ts'
import type { ProcessSpec } from './processes/process-spec.ts'
import { findProcess, stopProcess } from './processes/running-process.ts'
import type { ClusterFile } from './settings/cluster-file.ts'
import { foundingSettingsOf } from './settings/founding-settings.ts'
import { writeKubeconfig } from './settings/kubeconfig.ts'
import { type RequestedCluster, settleClusterFile } from './settings/settle-cluster-file.ts'
import { writeNatsConfiguration } from './settings/wire-users.ts'

/**
 * Writes everything that the processes read when they start: the cluster file, certificates, configuration, kubeconfig.
 */
export async function prepareCluster(
  layout: Layout,
  requested: RequestedCluster,
  { components, report }: { components: Components; report: ProcessReporter },
): Promise<{ cluster: ClusterFile; specs: ProcessSpec[] }> {
  const cluster = await settleClusterFile(layout, requested, report)
  await ensureCertificates(layout, foundingSettingsOf(cluster), cluster.advertise)
  await ensureMasterKey(layout)
  await ensureTokenKey(layout)
  await writeKubeconfig(layout, cluster.ports.api)
  for (const file of [layout.natsConfiguration, layout.supervisorPid]) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  }
  await writeNatsConfiguration(layout, cluster)
  return { cluster, specs: processList(layout, cluster, components) }
}

/** The processes that all others depend on. */
const foundations = ['event-store', 'nats']

/**
 * Ends every process: first the agents, which stop their pods' containers but keep them; last the processes that others
 * depend on; in between all others at once. Then removes what they set up on the machine.
 */
export async function stopCluster(
  layout: Layout,
  specs: readonly ProcessSpec[],
  report: ProcessReporter,
): Promise<void> {
  // While its pods can still answer.
  const drained = await Promise.all(
    specs.map(({ handsOver }) => handsOver && drainEnvoy(handsOver)),
  )
  const turnOf = ({ name }: ProcessSpec): number =>
    name.startsWith('agent-') ? 0 : foundations.includes(name) ? 2 : 1
  for (const turn of [0, 1, 2]) {
    const together = specs.filter((spec) => turnOf(spec) === turn)
    await Promise.all(together.map((spec) => stopOne(layout, spec, report)))
  }
  for (const letIn of drained) await letIn?.()
  for (const { name, command, env, takeDown } of specs) {
    if (!takeDown) continue
    await promisify(execFile)(command, takeDown, { env: { ...process.env, ...env } })
    report(name, 'took down what it had set up on this machine')
  }
}

async function stopOne(layout: Layout, spec: ProcessSpec, report: ProcessReporter): Promise<void> {
  const running = await findProcess(layout, spec.name)
  if (running) await stopProcess(layout, spec.name, running, spec.stopTimeoutMs)
  // A killed process leaves it behind, too.
  if (spec.handsOver) await rm(spec.handsOver.sharedMemory, { force: true })
  if (running) report(spec.name, 'stopped')
}

/** Removes the cluster for good: its containers and its data. Its processes must have been stopped before. */
export async function removeCluster(layout: Layout, specs: readonly ProcessSpec[]): Promise<void> {
  for (const { name, command, args, env } of specs) {
    if (!name.startsWith('agent-')) continue
    await promisify(execFile)(command, [...args, '--remove'], { env: { ...process.env, ...env } })
  }
  await rm(layout.dataDir, { recursive: true, force: true })
}
