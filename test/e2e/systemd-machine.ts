import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../run-tests.ts'
import { until } from './cluster.ts'

const program = '/lib/systemd/systemd'
const groups = ['systemd', 'unified'].map((name) => join('/sys/fs/cgroup', name))
/** Units for hardware, consoles and networks, which this machine has from its creator. */
const masked = [
  'systemd-udevd.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-udev-trigger.service',
  'systemd-networkd.service',
  'systemd-resolved.service',
  'systemd-logind.service',
  'systemd-remount-fs.service',
  'systemd-tmpfiles-setup.service',
  'getty@tty1.service',
  'console-getty.service',
]

/** A machine run by systemd, with the files of this one: its own writes are kept separately, and survive a power cut. */
export type SystemdMachine = {
  /** Starts it; resolves once all its units are started. */
  boot(): Promise<void>
  /** Ends everything in it at once. */
  cutPower(): Promise<void>
  /** A command's output there; rejects where it fails. */
  run(...command: string[]): Promise<string>
  close(): Promise<void>
}

/** Needs root, systemd as a program, and its group hierarchy beside those of control groups (hybrid, or version 1). */
export function openSystemdMachine(): SystemdMachine {
  const folder = mkdtempSync(join(tmpdir(), 'reckon-systemd-'))
  const [upper, work, files] = ['upper', 'work', 'files'].map((name) => join(folder, name))
  const group = `reckon-systemd-${process.pid}`
  sh('mount', '-t', 'tmpfs', 'tmpfs', folder)
  for (const each of [upper, work, files]) mkdirSync(each ?? '')
  const layers = `lowerdir=/,upperdir=${upper},workdir=${work}`
  sh('mount', '-t', 'overlay', 'overlay', '-o', layers, files ?? '')
  const units = join(files ?? '', 'etc/systemd/system')
  for (const name of readdirSync(units)) {
    if (name.endsWith('.wants')) rmSync(join(units, name), { recursive: true })
  }
  for (const name of masked) symlinkSync('/dev/null', join(units, name))
  rmSync(join(files ?? '', 'etc/fstab'), { force: true })
  for (const each of groups) mkdirSync(join(each, group))
  let machine: ChildProcess | undefined

  const run = async (...command: string[]) => {
    const init = ['-t', initOf(machine), '-p', '-m', '-u', '-i', '-n', '-C']
    const path = `PATH=${join(root, 'node_modules/.bin')}:/usr/sbin:/usr/bin:/sbin:/bin`
    const inside = ['chroot', files ?? '', 'env', '-i', path, 'HOME=/root', ...command]
    const { stdout } = await promisify(execFile)('nsenter', [...init, ...inside])
    return stdout
  }
  const cutPower = async () => {
    if (machine === undefined) return
    const ended = once(machine, 'exit')
    process.kill(Number(initOf(machine)), 'SIGKILL')
    await ended
    machine = undefined
  }
  return {
    run,
    cutPower,
    async boot() {
      const spaces = ['-f', '-p', '-m', '-u', '-i', '-n', '-C', 'bash', '-ec', begin]
      const entered = `for g in ${groups.join(' ')}; do echo $$ > $g/${group}/cgroup.procs; done; exec unshare "$@"`
      machine = spawn('bash', ['-ec', entered, 'bash', ...spaces, 'bash', files ?? ''])
      await until('systemd has started what is to be', async () => {
        return /running|degraded/.test(await run('systemctl', 'is-system-running').catch(String))
      })
    },
    async close() {
      await cutPower()
      sh('umount', '-R', files ?? '')
      sh('umount', folder)
      rmSync(folder, { recursive: true })
      for (const each of groups) sh('find', join(each, group), '-depth', '-type', 'd', '-delete')
    },
  }
}

/** The script that sets up a machine from its files, within its own namespaces, and becomes its systemd. */
const begin = `
mount --make-rprivate /
hostname machine
ip link set lo up
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs sys/fs/cgroup
mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd systemd sys/fs/cgroup/systemd
mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
exec env -i container=other PATH=/usr/sbin:/usr/bin chroot . ${program} --system --unit=multi-user.target
`

/** Its first process, a child of the one that has unshared. */
function initOf(machine: ChildProcess | undefined): string {
  const { pid } = machine ?? {}
  const [init] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  if (!init) throw new Error('the machine is not on')
  return init
}

const sh = (command: string, ...args: string[]) => void execFileSync(command, args)
