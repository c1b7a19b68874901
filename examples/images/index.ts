export { buildImages } from './build-images.ts'
export { loadImages } from './load-images.ts'
