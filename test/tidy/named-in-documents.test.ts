import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import { importsOf, resolved, textOf } from './read-imports.ts'
import { sourceFiles } from './source-files.ts'

const files = new Map(sourceFiles('').map(({ path, text }) => [path, text]))
const paths = [...files.keys()]
const folders = new Set(paths.flatMap((path) => foldersOf(path)))
const documents = [...files].filter(
  ([path]) => path.endsWith('.md') && (!path.includes('/') || path.startsWith('docs/')),
)
const code = [...files]
  .filter(([path]) => /\.(ts|mjs|json|go|yaml)$/.test(path) && !path.startsWith('test/tidy/'))
  .map(([, text]) => text)
  .join('\n')
const words = new Set(code.match(/[A-Za-z_$][\w$]*/g))

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/')
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'))
}

const isAtEnd = (path: string, end: string): boolean => path === end || path.endsWith(`/${end}`)
const withoutBlocks = (text: string) => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
/** The text in backticks, in prose. */
const quotedIn = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, quoted = '']) => quoted)

test('every folder of ours that a document names is there', () => {
  for (const [document, text] of documents) {
    for (const quoted of quotedIn(text)) {
      if (!/^[a-z][\w-]*(\/[\w.-]+)*\/$/.test(quoted)) continue
      const isThere = [...folders].some((folder) => isAtEnd(folder, quoted.slice(0, -1)))
      assert.ok(isThere, `${document} names ${quoted}, which is not there`)
    }
  }
})

test('every path from the root is there, within commands too', () => {
  const path =
    /(?<![\w/.~-])(?:packages|services|infra|cli|test|examples|docs|patches)\/[\w./-]+(?![\w:])/g
  for (const [document, text] of documents) {
    for (const [named] of text.matchAll(path)) {
      const end = named.replace(/[./-]+$/, '')
      const isThere =
        files.has(end) || folders.has(end) || paths.some((each) => each.startsWith(end))
      assert.ok(isThere, `${document} names ${named}, which is not there`)
    }
  }
})

test('every link leads to a file, and to a heading of it', () => {
  for (const [document, text] of documents) {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue
      const [to = '', heading] = link.split('#')
      const path = to === '' ? document : posix.join(posix.dirname(document), to)
      assert.ok(files.has(path) || folders.has(path), `${document} links to ${link}: no such file`)
      if (heading === undefined) continue
      assert.ok(anchorsOf(files.get(path) ?? '').includes(heading), `${document}: no #${heading}`)
    }
  }
})

/** The anchors that GitHub gives to a document's headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )

/** Names of upstream: of fields that are refused, and of metrics that are absent. */
const ofUpstream = ['docs/compatibility.md']

test('every name of a type, a function or an event that a document quotes is in the code', () => {
  for (const [document, text] of documents) {
    if (ofUpstream.includes(document)) continue
    for (const quoted of quotedIn(text)) {
      const [, name = ''] = /^([A-Za-z]\w*)(?:\(.*\))?$/.exec(quoted) ?? []
      // A single word may belong to anything.
      if (!/[a-z][A-Z]/.test(name)) continue
      assert.ok(words.has(name), `${document} names ${name}, which is nowhere`)
    }
  }
})

test('what a document says to be in a file is in there', () => {
  const said = /`([A-Za-z]\w*)(?:\([^`]*\))?` (?:\(|in |of )`([\w./-]+\.ts)`/g
  for (const [document, text] of documents) {
    for (const [, name = '', file = ''] of text.replaceAll(/\s+/g, ' ').matchAll(said)) {
      const isIn = [...files].some(
        ([path, content]) => isAtEnd(path, file) && new RegExp(`\\b${name}\\b`).test(content),
      )
      assert.ok(isIn, `${document} says that ${name} is in ${file}`)
    }
  }
})

/** This one passes on all its arguments. */
const optionsElsewhere = new Map([
  ['event-store', 'infra/event-store/src/serving/serve-event-store.ts'],
])

/** Where a command of reckon defines its options: its own file, and the files that it imports. */
function textOfCommand(command: string): string | undefined {
  const path = `cli/src/commands/${command}.ts`
  const text = textOf(path)
  if (text === '') return undefined
  const others = importsOf(text).map(({ from }) => resolved(path, from))
  return [text, ...[...others, optionsElsewhere.get(command) ?? ''].map(textOf)].join('\n')
}

test('reckon is given commands that there are, with options that they have', () => {
  for (const [document, text] of documents) {
    // What follows `--` alone, or another command of the shell, is not for reckon.
    for (const [given, name = ''] of text.matchAll(
      /\breckon ([a-z][a-z-]+)(?:(?! -- | \\)[^`\n|;&#)])*/g,
    )) {
      const command = textOfCommand(name)
      assert.ok(command !== undefined, `${document}: there is no "reckon ${name}"`)
      for (const [, option = ''] of given.matchAll(/(?<=\s)(--[a-z][a-z-]+|-[a-z])(?=[\s=]|$)/g)) {
        const isKnown: boolean =
          option === '--help' || new RegExp(`[' ]${option}[', ]`).test(command)
        assert.ok(isKnown, `${document}: "reckon ${name}" has no ${option}`)
      }
    }
  }
})

test('every variable of the environment that a document names is read', () => {
  for (const [document, text] of documents) {
    for (const [variable] of text.matchAll(/\bRECKON_[A-Z_]+\b/g)) {
      const option = variable.replace('RECKON_', '').toLowerCase().replaceAll('_', '-')
      const isRead = words.has(variable) || code.includes(`'${option}': {`)
      assert.ok(isRead, `${document} names ${variable}, which nobody reads`)
    }
  }
})

test('ingress.md has each annotation of an Ingress, and no other', () => {
  const options = files.get('packages/kubernetes/src/kinds/networking/ingress-options.ts') ?? ''
  const [, list = ''] = /const known = \[([^\]]*)\]/.exec(options) ?? []
  const known = [...list.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name)
  const [, section = ''] = files.get('docs/ingress.md')?.split('\n## Annotations\n') ?? []
  const [table = ''] = section.split('\n## ')
  const told = [...table.matchAll(/`reckon\.dev\/([a-z-]+)`/g)].map(([, name]) => name)
  assert.deepEqual(told.toSorted(), known.toSorted())
})

test('decision 002 names each option that a new cluster is founded with', () => {
  const up = files.get('cli/src/commands/up.ts') ?? ''
  const options = [...up.matchAll(/'(--[a-z-]+)[^']*',\s*["'][^\n]*\bnew cluster\b/g)]
  const decision = files.get('docs/decisions/002-rules-travel-with-the-log.md') ?? ''
  assert.ok(options.length > 0)
  for (const [, option = ''] of options) assert.ok(decision.includes(`\`${option}\``), option)
})

test('debug-scheduling.md has each line with which an answer about a pending pod begins', () => {
  const advice = files.get('packages/scheduling/src/explaining/advice.ts') ?? ''
  const table = files.get('docs/how-to/debug-scheduling.md') ?? ''
  const sentences = [
    ...advice.matchAll(/['`]((?:waiting |there are no |it is |\$\{nodeName\} )[^'`]+)['`]/g),
  ]
  assert.ok(sentences.length > 5)
  for (const [, sentence = ''] of sentences) {
    const shown = sentence.replace(/^\$\{nodeName\}/, '…')
    assert.ok(table.includes(`\`${shown}\``), shown)
  }
})

test('README and install.md name every program that setup installs', () => {
  const components = files.get('infra/bootstrap/src/components.ts') ?? ''
  const programs = [...components.matchAll(/title: '([^']+)',\s+executable: '([^']+)'/g)]
  assert.ok(programs.length > 5)
  for (const document of ['README.md', 'docs/install.md']) {
    const text = files.get(document) ?? ''
    for (const [, title = '', executable = ''] of programs) {
      assert.ok(text.includes(title) || text.includes(`\`${executable}\``), `${document}: ${title}`)
    }
  }
})

test('ARCHITECTURE names the phases of the write path in their order', () => {
  const [, list = ''] =
    /^const phases: \{\n(.*?)^\}/ms.exec(files.get('packages/writing/src/phases.ts') ?? '') ?? []
  const phases = [...list.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name)
  assert.ok(phases.length > 3)
  assert.ok(files.get('ARCHITECTURE.md')?.includes(`${phases.join(' → ')} → append`))
})

test("README has each of kubectl's plugins, and no other", () => {
  const linked = files.get('infra/bootstrap/src/link-commands.ts') ?? ''
  const [, names = ''] = /const named = \[([^\]]*)\]/.exec(linked) ?? []
  const plugins = [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
  const row = /^\| `reckon plugins install` .*$/m.exec(files.get('README.md') ?? '')?.[0] ?? ''
  const [, first = '', others = ''] = /`kubectl (\w+)`(.*)\|$/.exec(row) ?? []
  const told = [first, ...[...others.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)]
  assert.deepEqual(told.toSorted(), ['why', ...plugins].toSorted())
})
