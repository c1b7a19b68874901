import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from '../run-tests.ts'
import { startShownCluster } from './shown-cluster.ts'
import { browserHere, startBrowser } from './started-browser.ts'

/** Takes the README's pictures of the dashboard, each in light and in dark: `npm run pictures`. */
const executable = browserHere()
if (executable === undefined) throw new Error('there is no Chromium here: apt-get install chromium')
const size = { width: 1280, height: 800 }
/** Waits for the end of transitions. */
const settleMs = 500

const cluster = await startShownCluster()
const browser = await startBrowser(executable)
try {
  const { kubectl } = cluster
  await kubectl('apply', '-f', join(root, 'examples/guestbook'))
  await kubectl('create', 'namespace', 'shop')
  await kubectl('create', 'deployment', 'cart', '-n', 'shop', '--image=cart:1.4', '--replicas=3')
  await kubectl(
    'create',
    'deployment',
    'search',
    '-n',
    'shop',
    '--image=search:2.0',
    '--replicas=2',
  )
  await kubectl('rollout', 'status', 'deployment', 'cart', '-n', 'shop')
  const told = await kubectl('get', '--raw', '/apis/history.reckon.dev/v1/position')
  const { position }: { position: string } = JSON.parse(told)
  await kubectl('set', 'image', 'deployment/cart', '-n', 'shop', 'cart=cart:1.5')
  await kubectl('create', 'deployment', 'report', '-n', 'shop', '--image=report:1')
  await kubectl('set', 'resources', 'deployment', 'report', '-n', 'shop', '--requests=cpu=64')
  await kubectl('taint', 'node', 'node-3', 'disk=slow:NoSchedule')
  await kubectl('scale', 'deployment', 'search', '-n', 'shop', '--replicas=4')
  await kubectl('rollout', 'status', 'deployment', 'search', '-n', 'shop')
  const pods = await kubectl('get', 'pods', '-n', 'shop', '-l', 'app=search', '-o', 'name')
  const newest = pods.split('\n').at(-1)?.replace('pod/', '') ?? ''

  for (const isDark of [false, true]) {
    const page = await opened(isDark)
    const end = isDark ? '-dark' : ''
    await picture(page, `overview${end}`, '#/', '.capacity .meter')
    await picture(page, `placement${end}`, `#/pods/shop/${newest}/why`, 'table.grid tr.chosen')
    await picture(page, `compare${end}`, `#/pods?vs=${position}&ns=shop`, 'tr[data-mark="+"]')
    await picture(page, `cause${end}`, '#/deployments.apps/shop/cart/cause', '.trace li')
  }
} finally {
  await browser.close()
  await cluster.stop()
}

async function opened(isDark: boolean): Promise<Page> {
  const page = await browser.open({ ...size, isDark })
  await page.goto(await cluster.openDashboard())
  await page.locator('.tile').first().waitFor()
  return page
}

/** Takes a page once `shown` and the bars of its time bar are there. */
async function picture(page: Page, name: string, fragment: string, shown: string): Promise<void> {
  await page.goto(page.url().replace(/#.*/, fragment))
  await page.locator(shown).first().waitFor()
  await page.locator('.track path[d^="M"]').first().waitFor()
  await page.waitForTimeout(settleMs)
  await page.screenshot({ path: join(root, `docs/pictures/${name}.png`) })
}
