import { spawn } from 'node:child_process'

const openers: Readonly<Record<string, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Opens a link in the user's browser; if there is none, the user has the printed link. */
export function openBrowser(link: string): void {
  const opener = openers[process.platform]
  if (opener === undefined) return
  const child = spawn(opener, [link], { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}
