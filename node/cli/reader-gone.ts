import type { Writable } from 'node:stream'

/** Nobody reads what is printed any more: the command ends, quietly. */
export class ReaderGone extends Error {
  constructor() {
    super('nobody reads the output any more')
  }
}

/** A stream to print on, whose reader may go away at any time: `write` throws `ReaderGone` from then on. */
export function printTo(stream: Writable): { write(text: string): void } {
  let gone = false
  stream.on('error', () => (gone = true))
  return {
    write(text) {
      if (gone) throw new ReaderGone()
      stream.write(text)
    },
  }
}

/** A stream for remarks: where nobody reads them, the work goes on without. */
export function remarkTo(stream: Writable & { isTTY?: boolean }): { write(text: string): void; isTTY?: boolean } {
  // Unheard, it would end the process with a stack: also that of a node that only wanted to warn somebody.
  stream.on('error', () => undefined)
  return stream
}
