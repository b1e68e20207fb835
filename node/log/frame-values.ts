import { Tokenizer, Type, type DecodeOptions } from 'cborg'

/** Containers inside one another in a frame, at most: the frame, its operations, and what they hold. */
const MAX_DEPTH = 16

/**
 * What a block may say: definite lengths, shortest numbers, text keys that differ, no tags, no undefined, no NaN or
 * infinity, no whole number past 2^53. Less than CBOR, so that every value reads and writes back as the same.
 */
export function strictDecoding(block: Uint8Array): DecodeOptions {
  const options: DecodeOptions = {
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
    allowBigInt: false,
    rejectDuplicateMapKeys: true,
  }
  // A Buffer would make every byte string inside a Buffer too: a different class for the same frame.
  const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
  return { ...options, tokenizer: new ShallowTokenizer(bytes, options) }
}

/** Counts how deep the containers stand, since the decoder above it recurses and has no limit of its own. */
class ShallowTokenizer extends Tokenizer {
  /** Values still to come in each open container. */
  readonly #open: number[] = []

  override next() {
    const token = super.next()
    while (this.#open.length > 0 && this.#open.at(-1) === 0) this.#open.pop()
    if (this.#open.length > 0) this.#open[this.#open.length - 1]! -= 1
    if (Type.equals(token.type, Type.array)) this.#enter(token.value as number)
    else if (Type.equals(token.type, Type.map)) this.#enter((token.value as number) * 2)
    return token
  }

  #enter(values: number): void {
    if (this.#open.length >= MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH}`)
    this.#open.push(values)
  }
}

/**
 * Why a value cannot stand in a frame, or null. `__proto__` as a key is refused: it is kept right here, but the first
 * assignment in somebody's code would turn it into a prototype.
 */
export function objection(value: unknown, depth = 0): string | null {
  if (value === null) return null
  switch (typeof value) {
    case 'boolean':
      return null
    case 'string':
      return value.isWellFormed() ? null : 'a text with half a surrogate pair'
    case 'number':
      if (!Number.isFinite(value)) return 'a number that is not finite'
      if (Object.is(value, -0)) return 'a negative zero'
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? 'a whole number past 2^53' : null
    case 'object':
      if (value instanceof Uint8Array) return null
      if (depth >= MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`
      return Array.isArray(value) ? objectionToAny(value, depth) : objectionToObject(value, depth)
    default:
      return `a value of type ${typeof value}`
  }
}

function objectionToAny(values: unknown[], depth: number): string | null {
  for (const value of values) {
    const found = objection(value, depth + 1)
    if (found) return found
  }
  return null
}

function objectionToObject(value: object, depth: number): string | null {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return 'an object with a class'
  if (Object.hasOwn(value, '__proto__')) return 'a key named __proto__'
  for (const key of Object.keys(value)) if (!key.isWellFormed()) return 'a key with half a surrogate pair'
  return objectionToAny(Object.values(value), depth)
}
