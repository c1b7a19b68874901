export { type BuiltImage, buildImages, type Report } from './build-images.ts'
export { loadImages } from './load-images.ts'
export { type Registry, serveRegistry } from './serve-registry.ts'
