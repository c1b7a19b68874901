import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The machine's browser; undefined where there is none. */
export const browserHere = (): string | undefined => places.find((path) => existsSync(path))

/** The timeout of waits: a machine that does much else is slow. */
const stepMsMax = 60_000

type Look = { width?: number; height?: number; isDark?: boolean }

/** A headless browser; errors of any of its pages are kept. */
export async function startBrowser(executablePath: string) {
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const complaints: string[] = []
  return {
    complaints,
    /** A page in a browser context of its own, signed in as on another page; not signed in where none is given. */
    open: async (look: Look = {}, signedIn?: Page): Promise<Page> => {
      const { width = 1400, height = 900, isDark = false } = look
      const storageState = await signedIn?.context().storageState()
      const context = await browser.newContext({
        ...(storageState && { storageState }),
        viewport: { width, height },
        colorScheme: isDark ? 'dark' : 'light',
        ignoreHTTPSErrors: true,
        locale: 'en-GB',
      })
      context.setDefaultTimeout(stepMsMax)
      context.on('weberror', (error) => complaints.push(String(error.error())))
      context.on('console', (message) => {
        const isRefusal = /status of (4\d\d)/.test(message.text())
        if (message.type() === 'error' && !isRefusal) complaints.push(message.text())
      })
      return context.newPage()
    },
    close: () => browser.close(),
  }
}
