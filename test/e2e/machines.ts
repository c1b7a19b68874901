import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { openSandbox, type Sandbox } from './sandbox.ts'

const network = '10.210.0'
const bridge = 'switch'

/** Another machine on the link: a sandbox with an engine of its own, and an address. */
export type Machine = Sandbox & {
  address: string
  /** Its data directory. */
  dataDir: string
  /** It has this address in place of the one it had. */
  readdress(address: string): void
  /** The cable is pulled out, or put in. */
  setLink(state: 'up' | 'down'): void
  /** Of all packets from and to the machine, so many in a hundred are lost on the link; 0 ends that. */
  lose(percent: number): void
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
  const name = `${process.env.RECKON_E2E_NAME}-lab`
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
  const sandbox = await openSandbox(`${link}-${number}`, process.env.RECKON_E2E_FOLDER)
  const address = `${network}.${number}`
  const port = `port${number}`
  const inside = ['-n', sandbox.name]
  ip('-n', link, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', sandbox.name)
  ip('-n', link, 'link', 'set', port, 'master', bridge, 'up')
  ip(...inside, 'link', 'set', 'eth0', 'up')
  const readdress = (address: string) => {
    ip(...inside, 'address', 'flush', 'dev', 'eth0')
    ip(...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    ip(...inside, 'route', 'replace', 'default', 'via', `${network}.1`)
  }
  readdress(address)
  return {
    ...sandbox,
    address,
    dataDir: join(sandbox.folder, 'reckon'),
    readdress,
    setLink: (state) => ip('-n', link, 'link', 'set', port, state),
    lose: (percent) => {
      const table = `table bridge loss-${port}`
      const lost = (which: string) =>
        `meta ${which} "${port}" numgen random mod 100 < ${percent} drop;`
      const chain = `type filter hook forward priority 0; ${lost('iifname')} ${lost('oifname')}`
      const added = percent > 0 ? ` ${table} { chain forward { ${chain} }; }` : ''
      nftIn(link, `${table}; delete ${table};${added}`)
    },
  }
}

const ip = (...args: string[]) => void execFileSync('ip', args)
const nftIn = (namespace: string, script: string) =>
  void execFileSync('nsenter', [`--net=/run/netns/${namespace}`, 'nft', script])
