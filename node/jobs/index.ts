export { type JobOutcome, type RenditionJob } from './develop.ts'
export { createRenditionQueue, type RenditionQueue } from './rendition-queue.ts'
