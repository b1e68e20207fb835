export { createRenditionQueue, type JobOutcome, type RenditionJob, type RenditionQueue } from './rendition-queue.ts'
