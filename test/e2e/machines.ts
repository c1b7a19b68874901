import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { openSandbox, type Sandbox } from './sandbox.ts'

/** Two links with a router between them: machines on one reach those on the other only through it. */
const links = { near: '10.210.0', far: '10.211.0' }
export type Link = keyof typeof links
const routerOn = (link: Link) => `${links[link]}.254`

/** Another machine on a link: a sandbox with an engine of its own, and an address. */
export type Machine = Sandbox & {
  address: string
  /** Its data directory. */
  dataDir: string
  /** Replaces its address with this one. */
  readdress(address: string): void
  /** Pulls the cable out, or puts it in. */
  setLink(state: 'up' | 'down'): void
  /** Loses this percentage of all packets from and to the machine on the link; 0 ends that. */
  lose(percent: number): void
}

/** Several machines; the first is the sandbox in which the test itself runs, on the near link. */
export type Lab = {
  /** The first machine's address on its link. */
  address: string
  addMachine(link?: Link): Promise<Machine>
  /** Replaces the first machine's address with this one. */
  readdress(address: string): void
  close(): Promise<void>
}

/**
 * The links are bridges in a namespace of the router's: in a machine's, their frames would pass the packet rules of the
 * machine's engine.
 */
export async function openLab(): Promise<Lab> {
  const name = `${process.env.RECKON_E2E_NAME}-lab`
  const machines: Machine[] = []
  ip('netns', 'add', name)
  run('nsenter', `--net=/run/netns/${name}`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  for (const link of ['near', 'far'] as const) {
    ip('-n', name, 'link', 'add', link, 'type', 'bridge')
    ip('-n', name, 'address', 'add', `${routerOn(link)}/24`, 'dev', link)
    ip('-n', name, 'link', 'set', link, 'up')
  }
  ip('link', 'add', 'lab0', 'type', 'veth', 'peer', 'name', 'port1', 'netns', name)
  ip('-n', name, 'link', 'set', 'port1', 'master', 'near', 'up')
  ip('link', 'set', 'lab0', 'up')
  const address = `${links.near}.1`
  const readdress = (address: string) => {
    ip('address', 'flush', 'dev', 'lab0')
    ip('address', 'add', `${address}/24`, 'dev', 'lab0')
    ip('route', 'replace', `${links.far}.0/24`, 'via', routerOn('near'))
  }
  readdress(address)
  return {
    address,
    readdress,
    async addMachine(link = 'near') {
      const machine = await openMachine(name, link, machines.length + 2)
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

async function openMachine(lab: string, link: Link, number: number): Promise<Machine> {
  const sandbox = await openSandbox(`${lab}-${number}`, process.env.RECKON_E2E_FOLDER)
  const address = `${links[link]}.${number}`
  const port = `port${number}`
  const inside = ['-n', sandbox.name]
  ip('-n', lab, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', sandbox.name)
  ip('-n', lab, 'link', 'set', port, 'master', link, 'up')
  ip(...inside, 'link', 'set', 'eth0', 'up')
  const readdress = (address: string) => {
    ip(...inside, 'address', 'flush', 'dev', 'eth0')
    ip(...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    ip(...inside, 'route', 'replace', 'default', 'via', routerOn(link))
  }
  readdress(address)
  return {
    ...sandbox,
    address,
    dataDir: join(sandbox.folder, 'reckon'),
    readdress,
    setLink: (state) => ip('-n', lab, 'link', 'set', port, state),
    lose: (percent) => {
      const table = `table bridge loss-${port}`
      const lost = (which: string) =>
        `meta ${which} "${port}" numgen random mod 100 < ${percent} drop;`
      const chain = `type filter hook forward priority 0; ${lost('iifname')} ${lost('oifname')}`
      const added = percent > 0 ? ` ${table} { chain forward { ${chain} }; }` : ''
      nftIn(lab, `${table}; delete ${table};${added}`)
    },
  }
}

const run = (command: string, ...args: string[]) => void execFileSync(command, args)
const ip = (...args: string[]) => run('ip', ...args)
const nftIn = (namespace: string, script: string) =>
  run('nsenter', `--net=/run/netns/${namespace}`, 'nft', script)
