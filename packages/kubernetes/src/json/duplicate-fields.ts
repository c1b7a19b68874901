const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs

type Level = { path: string; keys?: Set<string>; index: number; key: string }

/** The paths of fields that occur twice in one object of a JSON text, which must parse. */
export function duplicateFields(text: string): readonly string[] {
  const duplicates: string[] = []
  const levels: Level[] = []
  let expectsKey = false
  const pathHere = () => {
    const level = levels.at(-1)
    if (level === undefined) return ''
    return level.keys ? joinPath(level.path, level.key) : `${level.path}[${level.index}]`
  }
  for (const [part] of text.matchAll(token)) {
    const level = levels.at(-1)
    if (part === '{' || part === '[') {
      const path = pathHere()
      levels.push(
        part === '{' ? { path, keys: new Set(), index: 0, key: '' } : { path, index: 0, key: '' },
      )
      expectsKey = part === '{'
    } else if (part === '}' || part === ']') {
      levels.pop()
      expectsKey = false
    } else if (part === ',' && level) {
      level.index += 1
      expectsKey = level.keys !== undefined
    } else if (expectsKey && level?.keys) {
      level.key = String(JSON.parse(part))
      if (level.keys.has(level.key)) duplicates.push(pathHere())
      level.keys.add(level.key)
      expectsKey = false
    }
  }
  return duplicates
}

/** The path of a field of an object: `spec.replicas`. */
export function joinPath(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`
}
