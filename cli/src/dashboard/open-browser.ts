import { spawn } from 'node:child_process'

const openers: Readonly<Record<string, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Shows a link in the browser of whoever sits here; where there is none, they have the link. */
export function openBrowser(link: string): void {
  const opener = openers[process.platform]
  if (opener === undefined) return
  const child = spawn(opener, [link], { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}
