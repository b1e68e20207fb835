/** The bytes at `offset` as text, one character a byte; shorter at the end. */
export function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length))
}

/** Whether `bytes` has exactly `expected` (one character a byte) at `offset`. */
export function hasText(bytes: Uint8Array, offset: number, expected: string): boolean {
  return textAt(bytes, offset, expected.length) === expected
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
