import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildImages, loadImages } from '@reckon/examples/images'
import { root } from '../run-tests.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'

/** What the pods of the tests are of; there is no registry that another machine reaches. */
const images = ['busybox:latest', 'reckon/pause:1']
const network = '10.210.0'
const bridge = 'switch'

/** Another machine on the link: a sandbox with an engine of its own, and an address. */
export type Machine = Sandbox & {
  address: string
  /** Its data directory. */
  dataDir: string
  /** The cable is pulled out, or put in. */
  setLink(state: 'up' | 'down'): void
}

/** Several machines on one link; the first is the sandbox in which the test itself runs. */
export type Lab = {
  /** The first machine's address on the link. */
  address: string
  addMachine(): Promise<Machine>
  close(): Promise<void>
}

/**
 * The link is a bridge in a namespace of its own: in that of a machine its frames would go through the packet rules of the
 * machine's engine.
 */
export async function openLab(): Promise<Lab> {
  const name = `reckon-lab-${process.pid}`
  const machines: Machine[] = []
  ip('netns', 'add', name)
  ip('-n', name, 'link', 'add', bridge, 'type', 'bridge')
  ip('-n', name, 'link', 'set', bridge, 'up')
  ip('link', 'add', 'lab0', 'type', 'veth', 'peer', 'name', 'port1', 'netns', name)
  ip('-n', name, 'link', 'set', 'port1', 'master', bridge, 'up')
  const address = `${network}.1`
  ip('address', 'add', `${address}/24`, 'dev', 'lab0')
  ip('link', 'set', 'lab0', 'up')
  return {
    address,
    async addMachine() {
      const machine = await openMachine(name, machines.length + 2)
      machines.push(machine)
      return machine
    },
    async close() {
      await Promise.all(machines.map((machine) => machine.close()))
      ip('link', 'delete', 'lab0')
      ip('netns', 'delete', name)
    },
  }
}

async function openMachine(link: string, number: number): Promise<Machine> {
  const sandbox = await openSandbox(`${link}-${number}`)
  const address = `${network}.${number}`
  const port = `port${number}`
  const inside = ['-n', sandbox.name]
  ip('-n', link, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', sandbox.name)
  ip('-n', link, 'link', 'set', port, 'master', bridge, 'up')
  ip(...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0')
  ip(...inside, 'link', 'set', 'eth0', 'up')
  ip(...inside, 'route', 'add', 'default', 'via', `${network}.1`)
  const built = await buildImages(`${root}.reckon/images`, () => {})
  const archives = built.filter(({ name }) => images.includes(name)).map(({ archive }) => archive)
  await loadImages(archives, sandbox.dockerSocket)
  return {
    ...sandbox,
    address,
    dataDir: join(sandbox.folder, 'reckon'),
    setLink: (state) => ip('-n', link, 'link', 'set', port, state),
  }
}

const ip = (...args: string[]) => void execFileSync('ip', args)
