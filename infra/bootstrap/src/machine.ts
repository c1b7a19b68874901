import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { PackageManager } from './components.ts'
import { findProgram } from './find-program.ts'
import type { Machine } from './install-plan.ts'

const run = promisify(execFile)
const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

const managers: readonly { name: PackageManager; folders: readonly string[] }[] = [
  { name: 'apt-get', folders: systemFolders },
  { name: 'dnf', folders: systemFolders },
  { name: 'yum', folders: systemFolders },
  { name: 'apk', folders: systemFolders },
  { name: 'pacman', folders: systemFolders },
  {
    name: 'brew',
    folders: ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin'],
  },
]

/** Looks what this machine lets us do. */
export async function inspectMachine(): Promise<Machine> {
  const machine: Machine = {
    isRoot: process.getuid?.() === 0,
    runsClients: process.platform === 'linux' && process.arch === 'x64',
  }
  for (const { name, folders } of managers) {
    if (!(await findProgram(name, ['--version'], folders))) continue
    machine.packageManager = name
    break
  }
  const python = await findPython()
  return python ? { ...machine, python } : machine
}

/** A Python that can make an environment: Debian's own cannot until python3-venv is there. */
export async function findPython(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const works = await run(python, ['-c', 'import venv, ensurepip']).then(
      () => true,
      () => false,
    )
    if (works) return python
  }
  return undefined
}

/** Whether systemd runs this machine, so that it is the one to start daemons. */
export async function isRunBySystemd(): Promise<boolean> {
  const first = await readFile('/proc/1/comm', 'utf8').catch(() => '')
  return first.trim() === 'systemd'
}
