export { bucketOf, isBucket, type Bucket } from './bucket.ts'
export { compareStamps, createHybridClock, MAX_AHEAD, type HybridClock, type Stamp } from './hybrid-clock.ts'
