import { Transform } from 'node:stream'
import { HomerollError } from '../../../shared/errors/index.ts'

/** Passes `length` bytes on and fails on one more or one less: a promised length is kept, or the connection breaks. */
export function exactly(length: number): Transform {
  let passed = 0
  const wrong = () =>
    new HomerollError('length-changed', `expected ${length} bytes, the original has another length now`)
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length
      if (passed > length) done(wrong())
      else done(null, chunk)
    },
    flush(done) {
      done(passed === length ? null : wrong())
    },
  })
}
