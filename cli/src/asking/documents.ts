import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseAllDocuments } from 'yaml'

/**
 * The documents of a YAML or JSON file (`-`: standard input); throws naming the file if one of them cannot be parsed,
 * or there is none.
 */
export async function documentsIn(file: string): Promise<unknown[]> {
  const written = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  const values = parseAllDocuments(written).map((document): unknown => {
    const [error] = document.errors
    // After the first line the message quotes the text.
    if (error) throw new Error(`${file}: ${error.message.split('\n')[0]}`, { cause: error })
    return document.toJS()
  })
  const present = values.filter((value) => value !== null)
  if (present.length === 0) throw new Error(`${file}: there is nothing in it`)
  return present
}
