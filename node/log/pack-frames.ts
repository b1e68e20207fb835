import { encode } from 'cborg'
import { HomerollError } from '../../shared/errors/index.ts'
import {
  FRAME_VERSION,
  MAX_FRAME_BYTES,
  MAX_FRAME_OPERATIONS,
  type Frame,
  type Operation,
  type UnknownOperation,
} from '../../shared/schema/index.ts'
import type { Stamp } from '../../shared/time/index.ts'
import { checkOutgoing, encodeFrame } from './frame.ts'

/** Bytes of a frame around its operations, at most: map head, three keys, version, a nine-byte stamp, list head. */
const HEAD_BYTES = 1 + 2 + 9 + 4 + 9 + 4 + 3

/**
 * Spreads operations over as few frames as their order and the limits allow, and gives each its stamps. `nextStamp`
 * reserves consecutive stamps and returns the first (`HybridClock.next`); it is called once a frame, in order, and only
 * after all operations were found fit, so a refusal costs no stamps. Throws `invalid-operation`, and
 * `operation-too-large` for one that fills more than a frame.
 */
export function packFrames(
  ops: readonly (Operation | UnknownOperation)[],
  nextStamp: (count: number) => Stamp,
): { frame: Frame; block: Uint8Array }[] {
  const groups: (Operation | UnknownOperation)[][] = []
  let room = 0
  for (const operation of ops) {
    checkOutgoing(operation)
    const bytes = encode(operation).length
    if (bytes > MAX_FRAME_BYTES - HEAD_BYTES) {
      throw new HomerollError('operation-too-large', `an operation ${operation.kind} of ${bytes} bytes fits no frame`)
    }
    let group = groups.at(-1)
    if (!group || group.length === MAX_FRAME_OPERATIONS || bytes > room) {
      group = []
      groups.push(group)
      room = MAX_FRAME_BYTES - HEAD_BYTES
    }
    group.push(operation)
    room -= bytes
  }
  return groups.map(group => {
    const frame: Frame = { v: FRAME_VERSION, hlc: nextStamp(group.length), ops: group }
    return { frame, block: encodeFrame(frame) }
  })
}
