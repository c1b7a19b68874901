export * from './file-segments.ts'
export * from './file-snapshots.ts'
