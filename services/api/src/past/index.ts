export { openPast } from './open-past.ts'
export { FoldsInThreads } from './threads/folds-in-threads.ts'
