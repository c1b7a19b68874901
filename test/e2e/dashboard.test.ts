import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserHere, startBrowser } from '../browser/started-browser.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'

const executable = browserHere()
const skip = executable === undefined && 'there is no Chromium here: apt-get install chromium'

/** A page of a pod that means harm: it takes what it can reach of the page beside which it is served. */
const hostile = `<title>harmless</title><script>
  const told = []
  const tell = () => { document.title = told.join(' ') }
  try { told.push('half:' + localStorage.getItem('reckon-session')) } catch { told.push('no-storage') }
  fetch('/api/v1/namespaces/default/secrets').then((answer) => answer.text()).then(
    (text) => { told.push('read:' + text); tell() }, () => { told.push('no-secrets'); tell() })
</script>`
const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: hostile }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: c
      image: busybox
      env: [{ name: PAGE, value: ${JSON.stringify(hostile)} }]
      command: [sh, -c, 'mkdir /www; echo "$PAGE" > /www/index.html; echo it serves; exec httpd -f -p 8000 -h /www']
`

let cluster: TestCluster
let browser: Awaited<ReturnType<typeof startBrowser>>
let page: Page
let server = ''
before(async () => {
  if (executable === undefined) return
  cluster = await openCluster('seen')
  await cluster.up()
  browser = await startBrowser(executable)
  await cluster.apply(manifest)
  await cluster.kubectl('wait', 'pod/hostile', '--for=condition=Ready', '--timeout=120s')
  const asked = ['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']
  server = (await cluster.kubectl(...asked)).trim()
  page = await browser.open()
  await cluster.kubectl('create', 'serviceaccount', 'admin-user')
  await cluster.kubectl(
    ...['create', 'clusterrolebinding', 'admin-user', '--clusterrole=cluster-admin'],
    '--serviceaccount=default:admin-user',
  )
  await page.goto(`${server}/ui/`)
  const token = await cluster.kubectl('create', 'token', 'admin-user')
  await page.getByLabel('Token').fill(token.trim())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.tile', { hasText: 'pods' }).waitFor()
})
after(async () => {
  await browser?.close()
  await cluster?.reset()
})

const goTo = (fragment: string) => page.goto(`${server}/ui/${fragment}`)

test('a pod on a real engine comes, is explained, read, deleted, and in the past for all who look', {
  skip,
}, async () => {
  await goTo('#/pods?ns=default')
  await page.keyboard.press('[')
  await page.waitForURL(/[?&]vs=\d+/)
  const before = new URLSearchParams(page.url().split('?')[1]).get('vs') ?? ''
  await page.keyboard.press('[')
  const web = ['--image=busybox', '--', 'sh', '-c', 'echo begun; exec sleep 100000']
  await cluster.kubectl('create', 'deployment', 'web', ...web)
  const row = page.locator('table.data tbody tr', { hasText: 'web-' })
  await row.filter({ hasText: 'Running' }).waitFor()
  const name = (await row.locator('.name').textContent())?.trim() ?? ''
  await goTo(`#/pods?ns=default&vs=${before}`)
  await page.locator('tr[data-mark="+"]', { hasText: name }).waitFor()
  await goTo(`#/pods/default/${name}/why`)
  await page.locator('table.grid tr.chosen').waitFor()
  await page.locator('.decided a').click()
  await page.locator('.frame.past').waitFor()
  await goTo(`#/pods/default/${name}?tab=logs`)
  await page.getByRole('log').filter({ hasText: 'begun' }).waitFor()
  await goTo(`#/pods/default/${name}/cause`)
  await page.locator('.trace li', { hasText: 'PodScheduled' }).waitFor()
  const { position }: { position: string } = JSON.parse(
    await cluster.kubectl('get', '--raw', '/apis/history.reckon.dev/v1/position'),
  )
  await goTo('#/deployments.apps/default/web')
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('This object is gone').waitFor()
  await cluster.kubectl('wait', `pod/${name}`, '--for=delete', '--timeout=60s')
  await goTo('#/pods?ns=default')
  await row.waitFor({ state: 'detached' })
  await goTo(`#/pods?ns=default&at=${position}`)
  await page.locator('table.data tbody tr', { hasText: name }).waitFor()
  const other = await browser.open({}, page)
  await other.goto(page.url())
  await other.locator('table.data tbody tr', { hasText: name }).waitFor()
  const [shown, alsoShown] = await Promise.all(
    [page, other].map((each) => each.locator('table.data tbody').textContent()),
  )
  assert.equal(alsoShown, shown)
  await other.close()
  assert.deepEqual(browser.complaints, [])
})

test('a shell in a container takes lines, keys and its end', { skip }, async () => {
  await goTo('#/pods/default/hostile?tab=terminal')
  await page.getByRole('button', { name: 'Open a shell' }).click()
  const terminal = page.getByRole('textbox', { name: 'Terminal' })
  await terminal.filter({ hasText: '#' }).waitFor()
  await page.keyboard.type('echo $((6 * 7)) > /tmp/made; cat /tmp/made')
  await page.keyboard.press('Enter')
  await terminal.filter({ hasText: /\n42\n/ }).waitFor()
  await page.keyboard.type('echo asleep; sleep 1000')
  await page.keyboard.press('Enter')
  // What is typed before it sleeps the shell reads itself.
  await terminal.filter({ hasText: /\nasleep\n/ }).waitFor()
  await page.keyboard.press('Control+c')
  await terminal.filter({ hasText: /\^C\n\S* ?# / }).waitFor()
  await page.keyboard.type('exit 0')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'The shell has ended.' }).waitFor()
  assert.equal((await cluster.kubectl('exec', 'hostile', '--', 'cat', '/tmp/made')).trim(), '42')
  assert.deepEqual(browser.complaints, [])
})

test('what a hostile pod serves through proxy reaches nothing of the page beside it', {
  skip,
}, async () => {
  const path = '/api/v1/namespaces/default/pods/hostile:8000/proxy/'
  // The browser of who is signed in: without the page's half it is nobody's.
  const answer = await browser.open({}, page)
  const refused = await answer.goto(`${server}${path}`)
  assert.equal(refused?.status(), 403)
  await answer.close()

  // Through kubectl's own proxy there is no session: whoever asks is let in.
  const proxy = spawn(cluster.kubectlPath, ['proxy', '--port=0'], { env: cluster.env })
  try {
    let said = ''
    proxy.stdout.setEncoding('utf8').on('data', (part: string) => {
      said += part
    })
    await until('kubectl proxy listens', () => /127\.0\.0\.1:\d+/.test(said))
    const origin = `http://${/127\.0\.0\.1:\d+/.exec(said)?.[0]}`
    const there = await browser.open()
    await there.goto(`${origin}/ui/`)
    await there.locator('.tile', { hasText: 'pods' }).waitFor()
    await there.evaluate("localStorage.setItem('reckon-session', 'a half')")
    const served = await there.goto(`${origin}${path}`)
    assert.equal(served?.status(), 200)
    assert.match(String(served?.headers()['content-security-policy']), /^sandbox/)
    await there.waitForFunction("document.title.includes('no-secrets')")
    assert.equal(await there.title(), 'no-storage no-secrets')
    await there.close()
  } finally {
    proxy.kill()
  }
})
