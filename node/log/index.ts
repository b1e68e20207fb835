export { decodeFrame, encodeFrame, INVALID_OPERATION_KIND, type DecodedFrame, type PutAside } from './frame.ts'
export { packFrames } from './pack-frames.ts'
export { type DeviceId, type Log, type LogSet } from './log.ts'
