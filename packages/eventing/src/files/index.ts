export * from './file-snapshots.ts'
