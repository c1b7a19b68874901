import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { violationsOn, whatIsTooWide } from './accessibility.ts'
import { startShownCluster } from './shown-cluster.ts'
import { browserHere, startBrowser } from './started-browser.ts'

const executable = browserHere()
const skip = executable === undefined && 'there is no Chromium here: apt-get install chromium'

let cluster: Awaited<ReturnType<typeof startShownCluster>>
let browser: Awaited<ReturnType<typeof startBrowser>>
/** Signed in by the link that one proxy printed; all pages of these tests belong to that session. */
let first: Page
before(async () => {
  if (executable === undefined) return
  ;[cluster, browser] = await Promise.all([startShownCluster(), startBrowser(executable)])
  first = await browser.open()
  await first.goto(await cluster.openDashboard())
  await first.locator('.tile', { hasText: 'pods' }).waitFor()
})
after(async () => {
  await browser?.close()
  await cluster?.stop()
})

/** So long does a token last that ends while somebody looks. */
const briefMs = 20_000

const markup = '<img src=x onerror="document.title=1">'
const rowOf = (page: Page, name: string) => page.locator('table.data tbody tr', { hasText: name })
const placeIn = (page: Page, parameter: string): string =>
  new URLSearchParams(page.url().split('?')[1]).get(parameter) ?? ''

test('a pod comes, is compared, explained and deleted, and is still there in the past', {
  skip,
}, async () => {
  const page = first
  assert.doesNotMatch(page.url(), /code=/, 'the code leaves the address')
  await page.goto(page.url().replace(/#.*/, '#/pods?ns=default'))
  await page.getByRole('heading', { name: 'pods' }).waitFor()
  await page.keyboard.press('[')
  await page.waitForURL(/[?&]vs=\d+/)
  const before = placeIn(page, 'vs')
  await page.keyboard.press('[')
  await cluster.kubectl('create', 'deployment', 'web', '--image=nginx:1', '--replicas=2')
  await rowOf(page, 'web-').filter({ hasText: 'Running' }).nth(1).waitFor()
  const name = (await rowOf(page, 'web-').first().locator('.name').textContent())?.trim() ?? ''

  await page.keyboard.press('t')
  await page.keyboard.type(before)
  await page.keyboard.press('Enter')
  await page.locator('.frame.past').waitFor()
  await rowOf(page, 'web-').first().waitFor({ state: 'detached' })
  await page.keyboard.press('[')
  await page.keyboard.press('.')
  await page.locator('tr[data-mark="+"]', { hasText: name }).waitFor()

  await page.keyboard.press('x')
  await rowOf(page, name).locator('a').click()
  await page.getByRole('heading', { name }).waitFor()
  await page.keyboard.press('w')
  await page.locator('table.grid tr.chosen').waitFor()
  assert.equal(await page.locator('table.grid tbody tr').count(), 3)

  await page.locator('.decided a').click()
  await page.locator('.frame.past').waitFor()
  const then = placeIn(page, 'at')
  await cluster.kubectl('delete', 'deployment', 'web', '--wait')
  await page.goto(page.url().replace(/#.*/, `#/pods?ns=default`))
  await rowOf(page, 'web-').first().waitFor({ state: 'detached' })
  await page.goto(page.url().replace(/#.*/, `#/pods?ns=default&at=${then}`))
  await rowOf(page, name).waitFor()
  const shown = await page.locator('table.data tbody').textContent()

  const other = await browser.open({}, first)
  await other.goto(page.url())
  await rowOf(other, name).waitFor()
  assert.equal(await other.locator('table.data tbody').textContent(), shown)
  assert.deepEqual(browser.complaints, [])
})

test('nodes show their pods as squares, now and at a moment', { skip }, async () => {
  const page = await browser.open({}, first)
  await page.goto(first.url())
  const before = await positionNow()
  await cluster.kubectl('create', 'deployment', 'squares', '--image=nginx:1', '--replicas=4')
  await page.goto(page.url().replace(/#.*/, '#/nodes'))
  const squares = page.locator('.node-box .square.good[aria-label^="default/squares-"]')
  await squares.nth(3).waitFor()
  await page.goto(page.url().replace(/#.*/, `#/nodes?at=${before}`))
  await page.locator('.frame.past .node-box').first().waitFor()
  await squares.first().waitFor({ state: 'detached' })
  await cluster.kubectl('delete', 'deployment', 'squares')
  assert.deepEqual(browser.complaints, [])
})

test('what may be done is a button, what may not is off, and a log is read', { skip }, async () => {
  const page = await browser.open({}, first)
  await page.goto(first.url())
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const confirm = (name: string) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  await cluster.kubectl('create', 'deployment', 'acted', '--image=nginx:1')
  await page.goto(page.url().replace(/#.*/, '#/deployments.apps/default/acted'))
  await click('Scale')
  await page.getByLabel('Replicas').fill('3')
  await confirm('Scale')
  await cluster.kubectl('wait', 'deployment/acted', '--for=jsonpath={.status.readyReplicas}=3')
  await click('Restart')
  await confirm('Restart')
  await cluster.kubectl('rollout', 'status', 'deployment/acted')

  await page.goto(page.url().replace(/#.*/, '#/nodes/-/node-2'))
  await click('Cordon')
  await confirm('Cordon')
  await page.getByRole('button', { name: 'Uncordon', exact: true }).waitFor()
  await click('Uncordon')
  await confirm('Uncordon')
  await page.getByRole('button', { name: 'Cordon', exact: true }).waitFor()

  await page.goto(page.url().replace(/#.*/, '#/pods?ns=default'))
  await rowOf(page, 'acted-').filter({ hasText: 'Running' }).first().locator('a').click()
  await page.getByRole('tab', { name: 'Logs' }).waitFor()
  await page.keyboard.press('l')
  await page.getByRole('log').waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  await click('Delete')
  await confirm('Delete')
  await page.getByText('This object is gone').waitFor()
  await cluster.kubectl('delete', 'deployment', 'acted')
  assert.deepEqual(browser.complaints, [])
})

test('a request is asked for: who has it now, who had it then, and why others do not', {
  skip,
}, async () => {
  const page = await browser.open({}, first)
  await page.goto(first.url())
  await cluster.kubectl('create', 'ingress', 'wide', '--rule=*.test/*=web:80')
  await cluster.kubectl('create', 'ingress', 'site', '--rule=site.test/*=web:80')
  const then = await positionNow()
  await page.goto(page.url().replace(/#.*/, '#/routes'))
  await page.getByLabel('Host').fill('site.test')
  await page.getByRole('button', { name: 'Where to?' }).click()
  await page.locator('.route li', { hasText: 'default/site' }).waitFor()
  await cluster.kubectl('create', 'ingress', 'any', '--rule=/*=web:80')
  await page.locator('.troubles li', { hasText: 'default/any' }).waitFor()
  assert.deepEqual(await violationsOn(page), [])
  await cluster.kubectl('delete', 'ingress', 'site')
  await page.locator('.route li', { hasText: 'default/wide' }).waitFor()
  await page.goto(page.url().replace(/#.*/, `#/routes?host=site.test&at=${then}`))
  await page.locator('.frame.past .route li', { hasText: 'default/site' }).waitFor()
  await cluster.kubectl('delete', 'ingress', 'wide', 'any')
  assert.deepEqual(browser.complaints, [])
})

test('an undo is shown before it is done, and done as it was shown', { skip }, async () => {
  const page = await browser.open({}, first)
  await page.goto(first.url())
  await cluster.kubectl('create', 'configmap', 'undone', '--from-literal=colour=blue')
  await cluster.kubectl('patch', 'configmap', 'undone', '-p', '{"data":{"colour":"red"}}')
  await page.goto(page.url().replace(/#.*/, '#/configmaps/default/undone?tab=history'))
  await page.locator('.history li.changed').getByRole('link', { name: 'Undo' }).click()
  await page.locator('.differences li', { hasText: 'ConfigMap/undone' }).waitFor()
  const fields = (await page.locator('.differences .fields').textContent()) ?? ''
  assert.match(fields.replaceAll(/\s+/g, ' '), /data\.colour\s*red\s*→\s*blue/)
  const colour = () =>
    cluster.kubectl('get', 'configmap', 'undone', '-o', 'jsonpath={.data.colour}')
  assert.equal(await colour(), 'red')
  await page.getByRole('button', { name: 'Undo this' }).click()
  await page.getByRole('status').filter({ hasText: 'Undone' }).waitFor()
  assert.equal(await colour(), 'blue')
  assert.deepEqual(browser.complaints, [])
})

/** As many moments as are promised at full length. */
const scales = process.env.RECKON_TEST_LONG
  ? [1, 4, 2, 5, 0, 3, 1, 2, 6, 4, 0, 2, 5, 3, 1, 0, 4, 2, 1, 0]
  : [3, 0]
const kinds = ['pods', 'replicasets.apps', 'deployments.apps', 'nodes']

test('what is shown at a moment is what kubectl printed then', { skip }, async () => {
  const page = await browser.open({}, first)
  await page.goto(first.url())
  await cluster.kubectl('create', 'deployment', 'truth', '--image=nginx:1')
  const moments: Printed[] = []
  for (const replicas of scales) {
    await cluster.kubectl('scale', 'deployment', 'truth', `--replicas=${replicas}`)
    await cluster.kubectl('rollout', 'status', 'deployment', 'truth')
    moments.push(...(await printedNow()))
  }
  for (const { kind, at, rows } of moments) {
    await page.goto(page.url().replace(/#.*/, `#/${kind}?ns=default&at=${at}`))
    await page.locator('.moment-notice', { hasText: `position ${at}` }).waitFor()
    await page.locator(`.table-box[aria-label="${kind}"][aria-busy="false"]`).waitFor()
    assert.deepEqual(await shownIn(page), rows, `${kind} at ${at}`)
  }
  assert.deepEqual(browser.complaints, [])
})

type Printed = { kind: string; at: string; rows: string[][] }

/** What kubectl prints of each kind, and the position that it is of: nothing was recorded meanwhile. */
async function printedNow(): Promise<Printed[]> {
  const at = await positionNow()
  const texts = kinds.map(async (kind) => {
    const text = await cluster.kubectl('get', kind, '-n', 'default', '-o', 'wide')
    const [head, ...lines] = text.split('\n').map((line) => line.trim().split(/\s{2,}/))
    return { kind, at, rows: lines.map((cells) => withoutAge(head ?? [], cells)) }
  })
  const printed = await Promise.all(texts)
  return at === (await positionNow()) ? printed : printedNow()
}

async function positionNow(): Promise<string> {
  const told = await cluster.kubectl('get', '--raw', '/apis/history.reckon.dev/v1/position')
  const { position }: { position: string } = JSON.parse(told)
  return position
}

async function shownIn(page: Page): Promise<string[][]> {
  const head = await page.locator('table.data thead th').allInnerTexts()
  const rows = await page.locator('table.data tbody tr:not(.space)').all()
  const cells = await Promise.all(rows.map((row) => row.locator('td').allInnerTexts()))
  return cells.map((each) => withoutAge(head, each))
}

/** An age is told to the second in which it was asked for. */
const withoutAge = (head: readonly string[], cells: readonly string[]): string[] =>
  cells.map((cell) => cell.trim()).filter((_, index) => !/^age$/i.test(head[index]?.trim() ?? ''))

test('markup in what users write stays text, and who is not signed in sees nothing', {
  skip,
}, async () => {
  const page = await browser.open({ width: 320, height: 640, isDark: true }, first)
  await page.goto(first.url())
  await cluster.kubectl('create', 'configmap', 'hostile', `--from-literal=a=${markup}`)
  await cluster.kubectl('annotate', 'configmap', 'hostile', `note=${markup}`)
  const labelled = JSON.stringify({ metadata: { labels: { note: markup } } })
  const asLabel = cluster.kubectl('patch', 'configmap', 'hostile', '-p', labelled)
  await assert.rejects(asLabel, /Invalid value/, 'the API has no such label')
  await cluster.kubectl('create', 'deployment', 'hostile', '--image=nginx:1', '--replicas=0')
  await cluster.kubectl('set', 'image', 'deployment/hostile', `nginx=${markup}`)
  const tabs = ['summary', 'history', 'blame', 'yaml']
  for (const fragment of [
    ...tabs.map((tab) => `#/configmaps/default/hostile?tab=${tab}`),
    '#/deployments.apps?ns=default',
    '#/deployments.apps/default/hostile?tab=yaml',
    `#/${encodeURIComponent(markup)}`,
  ]) {
    await page.goto(page.url().replace(/#.*/, fragment))
    await page.getByText('<img src=x').first().waitFor()
    assert.equal(await page.locator('img').count(), 0, fragment)
  }
  assert.equal(await page.evaluate(whatIsTooWide), '', 'nothing is wider than a phone')

  const stranger = await browser.open()
  await stranger.goto(page.url().replace(/#.*/, '#/pods'))
  await stranger.getByRole('button', { name: 'Sign in' }).waitFor()
  assert.equal(await stranger.locator('table').count(), 0)
  assert.deepEqual(browser.complaints, [])
})

/**
 * Each page with what is there once it is drawn. The first two have the colours of all: at full length all are seen in
 * dark.
 */
const looked = [
  ['#/', '.tile'],
  ['#/events?q=nodecreated', '.events td'],
  ['#/nodes', 'table.data .name'],
  ['#/nodes/-/node-1', '.conditions li'],
  ['#/nodes/-/node-1?tab=history', '.history li'],
  ['#/nodes/-/node-1/cause', '.trace li'],
] as const
const lookedInDark = process.env.RECKON_TEST_LONG ? looked : looked.slice(0, 2)

test('nothing of a page is hard to see or to reach, in light and in dark', { skip }, async () => {
  const looks = [
    { isDark: false, pages: looked },
    { isDark: true, pages: lookedInDark },
  ]
  for (const { isDark, pages } of looks) {
    const page = await browser.open({ isDark }, first)
    for (const [fragment, shown] of pages) {
      await page.goto(first.url().replace(/#.*/, fragment))
      await page.locator(shown).first().waitFor()
      assert.deepEqual(await violationsOn(page), [], fragment)
    }
  }
})

test('a token signs in at the api itself; a wrong one is refused in words', { skip }, async () => {
  const page = await browser.open()
  await page.goto(`${await cluster.server()}/ui/`)
  await page.getByLabel('Token').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasText: "nobody's here" }).waitFor()
  await cluster.kubectl('create', 'serviceaccount', 'viewer')
  await cluster.kubectl(
    'create',
    'clusterrolebinding',
    'viewer',
    '--clusterrole=cluster-admin',
    '--serviceaccount=default:viewer',
  )
  const token = await cluster.kubectl('create', 'token', 'viewer')
  await page.getByLabel('Token').fill(await cluster.endingAt(token, Date.now() - 1_000))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasText: 'token has expired' }).waitFor()
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.tile', { hasText: 'nodes' }).waitFor()
  const ui = `${await cluster.server()}/ui/`
  await page.goto(`${ui}#/nodes/-/node-1`)
  await page.getByRole('button', { name: 'Cordon', exact: true, disabled: false }).waitFor()
  await cluster.kubectl(
    'create',
    'clusterrolebinding',
    'reader',
    '--clusterrole=view',
    '--serviceaccount=default:viewer',
  )
  await cluster.kubectl('delete', 'clusterrolebinding', 'viewer')
  await page.goto(`${ui}#/configmaps/default/kube-root-ca.crt`)
  await page.locator('button[disabled][title^="You may not delete"]').waitFor()
  assert.equal(await page.evaluate('document.cookie'), '', 'no script sees the cookie')
  assert.equal(await page.evaluate("fetch('/api/v1/pods').then((answer) => answer.status)"), 403)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  assert.deepEqual(browser.complaints, [])
})

test('a session ends with its token, and the page says so', { skip }, async () => {
  const page = await browser.open()
  await page.goto(`${await cluster.server()}/ui/`)
  await cluster.kubectl('create', 'serviceaccount', 'brief')
  const token = await cluster.kubectl('create', 'token', 'brief')
  await page.getByLabel('Token').fill(await cluster.endingAt(token, Date.now() + briefMs))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  // What the page asks for by itself is refused then.
  await page.getByLabel('Token').waitFor()
  await page.getByText('Your session has ended.').waitFor()
  assert.deepEqual(browser.complaints, [])
})
