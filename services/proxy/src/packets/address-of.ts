import { runCommand, succeeds } from './run-command.ts'

type Addresses = { addr_info: { family: string; local: string }[] }

/** The first IPv4 address of a link; undefined where there is none, or no such link. */
export async function addressOf(link: string): Promise<string | undefined> {
  if (!(await succeeds('ip', 'link', 'show', 'dev', link))) return undefined
  const text = await runCommand('ip', '-j', '-4', 'address', 'show', 'dev', link)
  const [entry]: Addresses[] = JSON.parse(text)
  return entry?.addr_info?.find(({ family }) => family === 'inet')?.local
}
