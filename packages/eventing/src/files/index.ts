export { createFileIndex } from './file-index.ts'
export * from './file-segments.ts'
export * from './file-snapshots.ts'
