import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { folder } from '@reckon/dashboard'
import { root, sourceFiles } from './source-files.ts'

const files = sourceFiles('.ts').filter(
  ({ path }) =>
    folder.pathname.endsWith(`/${path.split('/').slice(0, 3).join('/')}/`) &&
    !path.endsWith('.test.ts'),
)

test("the page's code has the types of a browser", async () => {
  const tsc = promisify(execFile)(
    `${root}node_modules/.bin/tsc`,
    ['--noEmit', '-p', 'packages/dashboard'],
    { cwd: root },
  )
  const { stdout } = await tsc.catch((error: { stdout: string }) => error)
  assert.equal(stdout, '')
})

test('what the page shows becomes text and never markup, and only its reading room fetches', () => {
  for (const { path, text } of files) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/, path)
    const mayFetch = path.startsWith('packages/dashboard/src/reading/')
    assert.ok(
      mayFetch || !/\bfetch\(|XMLHttpRequest|WebSocket/.test(text),
      `${path}: reading/ does`,
    )
  }
})

test('the page says nothing that is not in its words', () => {
  const [english = ''] = files.flatMap(({ path, text }) => (path.endsWith('en.ts') ? [text] : []))
  const names = [...english.matchAll(/^ {2}(\w+):/gm)].map(([, name = '']) => name)
  const others = files.filter(({ path }) => !path.includes('/words/')).map(({ text }) => text)
  const said = others.join('\n')
  // These are asked for by a name that an answer or a table gives.
  const byName =
    /^(Created|Deleted|Changed|Replaced|workloads|network|configuration|storage|cluster|added|removed|changed|people|controllers|nodes|trouble|history|blame|yaml|scale|restart|cordon|uncordon|evict|delete|noSuchHost|noSuchPath|HostIsWider|PrefixAfterExact|PathIsShorter|IngressIsYounger|cpu|memory|pods)$/
  const unsaid = names.filter((name) => !byName.test(name) && !said.includes(`.${name}`))
  assert.deepEqual(unsaid, [])
})
