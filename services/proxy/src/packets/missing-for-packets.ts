import { messageOf } from '@reckon/kubernetes'
import { hasCode } from '@reckon/process'
import { runCommand } from './run-command.ts'

/** The programs that set up packet rules, with the Debian package of each. */
const programs = { nft: 'nftables', ip: 'iproute2' }

/** What this process lacks to set up packet rules, as a message for the operator; undefined if nothing. */
export async function missingForPackets(): Promise<string | undefined> {
  for (const [program, name] of Object.entries(programs)) {
    const lacks = await runCommand(program, '--version').then(
      () => false,
      (error) => hasCode(error, 'ENOENT'),
    )
    if (lacks) return `the program "${program}" is not installed (package ${name})`
  }
  try {
    await runCommand('nft', 'list', 'tables')
    return undefined
  } catch (error) {
    const said = messageOf(error)
    if (!/not permitted/.test(said)) return `nftables cannot be used: ${said}`
    return 'the proxy may not use nftables: it has to run as root, or with CAP_NET_ADMIN'
  }
}
