import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, sourceFiles } from './source-files.ts'

/** An import or re-export that exists at run time; those of types alone do not. */
export type Import = {
  /** The module as it is written. */
  from: string
  /** The imported names, as the module exports them; undefined for all. */
  names: readonly string[] | undefined
  isExport: boolean
}

const statement =
  /^(import|export)(?!\s+type\b)\s+(?:([^'"]*?)\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gms

export const importsOf = (text: string): Import[] =>
  [...text.matchAll(statement)].map(([, keyword, clause, from, dynamic]) => ({
    from: from ?? dynamic ?? '',
    names: clause === undefined ? undefined : namesIn(clause),
    isExport: keyword === 'export',
  }))

/** `{ a, type B, c as d }` imports a and c; `* as all` and `*` import everything; `x` imports the default. */
function namesIn(clause: string): readonly string[] | undefined {
  if (clause.includes('*')) return undefined
  const [, before = clause, inBraces = ''] = /^([^{]*)\{([^}]*)\}/s.exec(clause) ?? []
  const named = inBraces
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => each.split(/\s+as\s+/)[0] ?? '')
  return /\w/.test(before) ? ['default', ...named] : named
}

/** The file of ours that an import names, by its path from the root; else the module as it is written. */
export function resolved(path: string, from: string): string {
  if (from.startsWith('.')) return relative(root, join(root, dirname(path), from))
  if (!from.startsWith('@reckon/')) return from
  return relative(root, fileURLToPath(import.meta.resolve(from)))
}

const texts = new Map(sourceFiles('.ts').map(({ path, text }) => [path, text]))

/** The text of a file of ours; empty for any other module. */
export const textOf = (path: string): string => texts.get(path) ?? ''

/** The files of ours that define what is imported: an index only re-exports. */
export function definersOf(path: string, names: readonly string[] | undefined): readonly string[] {
  const passedOn = importsOf(textOf(path)).filter(({ isExport }) => isExport)
  if (names === undefined || passedOn.length === 0) return [path]
  return names.flatMap((name) => [definerOf(path, name) ?? path])
}

function definerOf(path: string, name: string): string | undefined {
  const text = textOf(path)
  const definition = new RegExp(
    `^export (?:default |async |abstract )*(?:const|let|function\\*?|class) ${name}\\b`,
    'm',
  )
  if (definition.test(text)) return path
  for (const each of importsOf(text)) {
    if (!each.isExport || (each.names !== undefined && !each.names.includes(name))) continue
    const found = definerOf(resolved(path, each.from), name)
    if (found !== undefined) return found
  }
  return undefined
}
