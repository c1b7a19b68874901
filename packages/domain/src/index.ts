export * from './node-message.ts'
export * from './node-reader.ts'
