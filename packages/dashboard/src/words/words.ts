import { en, type Words } from './en.ts'
import { zh } from './zh.ts'

const languages: Readonly<Record<string, Words>> = { en, zh }

/** The words of a language by its tag (`zh-CN`); English where it is another. */
export const wordsOf = (tag: string): Words => languages[tag.split('-')[0] ?? ''] ?? en
