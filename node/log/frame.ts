import { decode, encode } from 'cborg'
import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import {
  FRAME_VERSION,
  MAX_FRAME_BYTES,
  MAX_FRAME_OPERATIONS,
  type Frame,
  type Operation,
  type UnknownOperation,
} from '../../shared/schema/index.ts'
import { objection, strictDecoding } from './frame-values.ts'
import { operationObjection } from './operation-check.ts'

/** Stands in the place of an operation that does not fit its schema, so that the others keep their stamps. */
const INVALID_OPERATION_KIND = 'invalid'

/** An operation that was put aside: its place in the frame and why. */
interface PutAside {
  at: number
  message: string
}

type DecodedFrame =
  | { outcome: 'frame'; frame: Frame; putAside: PutAside[] }
  /** Nothing of the block counts. */
  | { outcome: 'invalid'; message: string }

/**
 * The block of a frame: CBOR with sorted keys, so that one frame has one encoding. Throws `invalid-operation` or
 * `frame-too-large` for what `decodeFrame` would not take back whole; both mean an error in the caller.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const problem = headObjection(frame)
  if (problem) throw new HomerollError('invalid-frame', `cannot write this frame: ${problem}`)
  for (const operation of frame.ops) checkOutgoing(operation)
  const block = encode({ v: frame.v, hlc: frame.hlc, ops: frame.ops })
  if (block.length > MAX_FRAME_BYTES) {
    throw new HomerollError(
      'frame-too-large',
      `a frame of ${block.length} bytes is over the limit of ${MAX_FRAME_BYTES}`,
    )
  }
  return block
}

/** Throws `invalid-operation` for an operation that every device would put aside or refuse. */
export function checkOutgoing(operation: Operation | UnknownOperation): void {
  const message = operationObjection(operation) ?? objection(operation, 2)
  if (message) {
    throw new HomerollError('invalid-operation', `cannot write the operation ${String(operation.kind)}: ${message}`)
  }
}

/**
 * Reads a block that may come from anyone. Depends on nothing but the bytes and this version's schemas, so every device
 * of a version judges alike. A block that is no frame is `invalid` as a whole. In a frame, an operation that does not fit
 * the schema of its kind is put aside: `{ kind: 'invalid' }` takes its place, the rest counts. Operations of unknown kinds
 * stay exactly as they are. The log keeps the block either way, so a later version may judge anew.
 */
export function decodeFrame(block: Uint8Array): DecodedFrame {
  if (block.length > MAX_FRAME_BYTES) return invalid(`${block.length} bytes, over the limit of ${MAX_FRAME_BYTES}`)
  let value: unknown
  try {
    value = decode(block, strictDecoding(block))
  } catch (thrown) {
    return invalid(errorMessage(thrown).slice(0, 200))
  }
  const problem = headObjection(value) ?? objection(value)
  if (problem) return invalid(problem)
  const { v, hlc, ops } = value as Frame
  const putAside: PutAside[] = []
  const kept = ops.map((operation, at) => {
    const message = operationObjection(operation)
    if (!message) return operation
    putAside.push({ at, message })
    return { kind: INVALID_OPERATION_KIND }
  })
  return { outcome: 'frame', frame: { v, hlc, ops: kept }, putAside }
}

/** Why the frame around the operations is wrong, or null. Further fields are left to newer versions. */
function headObjection(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not a map'
  const { v, hlc, ops } = value as Partial<Frame>
  if (v !== FRAME_VERSION) return `version ${String(v).slice(0, 20)}, where ${FRAME_VERSION} is known`
  if (!Array.isArray(ops)) return 'no list of operations'
  if (ops.length === 0) return 'no operation'
  if (ops.length > MAX_FRAME_OPERATIONS) return `${ops.length} operations, over the limit of ${MAX_FRAME_OPERATIONS}`
  if (typeof hlc !== 'number' || !Number.isSafeInteger(hlc) || hlc < 0) return 'its stamp is no whole number'
  // The last operation's stamp must still be an exact number.
  return Number.isSafeInteger(hlc + ops.length) ? null : 'its stamp is too large'
}

function invalid(message: string): DecodedFrame {
  return { outcome: 'invalid', message: `not a frame: ${message}` }
}
