import { serviceMark } from '@reckon/routing'
import { runCommand, succeeds } from './run-command.ts'

/** Where Docker lets others set rules of their own. */
export const dockerChain = 'DOCKER-USER'
const accepted = ['-m', 'comment', '--comment', 'reckon', '-j', 'ACCEPT']

type Ranges = { serviceCidr: string; clusterCidr: string }

/**
 * What Docker must let through: connections to Service addresses and to node ports, between pods of different machines,
 * and no published ports of other containers.
 */
const rules = ({ serviceCidr, clusterCidr }: Ranges): string[][] => [
  ['-m', 'conntrack', '--ctorigdst', serviceCidr, ...accepted],
  ['-m', 'connmark', '--mark', `${serviceMark}/${serviceMark}`, ...accepted],
  ['-s', clusterCidr, '-d', clusterCidr, ...accepted],
]

/**
 * Where Docker guards forwarding, its policy is DROP, and an accept in another table does not help. So the rules go
 * into the chain that Docker reserves for users; they are set by `iptables`, as Docker does, so that they end up in the
 * same kind of tables.
 */
export async function allowForwarding(ranges: Ranges): Promise<void> {
  if (!(await hasDockerChain())) return
  for (const rule of rules(ranges)) {
    if (await iptablesSucceeds('-C', dockerChain, ...rule)) continue
    await runCommand('iptables', '-w', '5', '-I', dockerChain, ...rule)
  }
}

/**
 * Allows the machines at these addresses, and no others, to reach pods here: for their edges and for clients of their
 * node ports.
 */
export async function allowMachines(
  clusterCidr: string,
  addresses: readonly string[],
): Promise<void> {
  if (!(await hasDockerChain())) return
  const ruleOf = (address: string) => ['-s', `${address}/32`, '-d', clusterCidr, ...accepted]
  const allowed = await allowedMachines(clusterCidr)
  for (const address of allowed.difference(new Set(addresses))) {
    await runCommand('iptables', '-w', '5', '-D', dockerChain, ...ruleOf(address))
  }
  for (const address of new Set(addresses).difference(allowed)) {
    await runCommand('iptables', '-w', '5', '-I', dockerChain, ...ruleOf(address))
  }
}

async function allowedMachines(clusterCidr: string): Promise<Set<string>> {
  const rules = (await runCommand('iptables', '-w', '5', '-S', dockerChain)).split('\n')
  const rest = `/32 -d ${clusterCidr} ${accepted.join(' ')}`
  const begin = `-A ${dockerChain} -s `
  const ofMachines = rules.filter((rule) => rule.startsWith(begin) && rule.endsWith(rest))
  return new Set(ofMachines.map((rule) => rule.slice(begin.length, -rest.length)))
}

/** Removes the rules. */
export async function disallowForwarding(ranges: Ranges): Promise<void> {
  if (!(await hasDockerChain())) return
  await allowMachines(ranges.clusterCidr, [])
  for (const rule of rules(ranges)) {
    while (await iptablesSucceeds('-C', dockerChain, ...rule)) {
      await runCommand('iptables', '-w', '5', '-D', dockerChain, ...rule)
    }
  }
}

/** Also false where iptables is not installed: then no container engine here uses it. */
const hasDockerChain = (): Promise<boolean> => iptablesSucceeds('-n', '-L', dockerChain)

const iptablesSucceeds = (...args: string[]): Promise<boolean> =>
  succeeds('iptables', '-w', '5', ...args)
