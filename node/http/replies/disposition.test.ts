import assert from 'node:assert/strict'
import { validateHeaderValue } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { contentDisposition } from './disposition.ts'

test('any name makes a valid header that reads back as the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), name => {
      const header = contentDisposition('attachment', name)
      validateHeaderValue('content-disposition', header)
      const [, ascii = '', encoded = ''] = /^attachment; filename="([^"]*)"; filename\*=UTF-8''(.*)$/.exec(header) ?? []
      assert.match(ascii, /^[\x20-\x7e]+$/)
      assert.match(encoded, /^[\w.!~%-]+$/)
      const back = decodeURIComponent(encoded)
      assert.equal(back.length, name.length)
      assert.doesNotMatch(back, /[\p{Cc}/\\\u202e]/u)
    }),
  )
})

test('direction marks, half characters and empty names are made harmless', () => {
  assert.match(contentDisposition('inline', 'exe.\u202egpj'), /filename="exe\._gpj"; filename\*=UTF-8''exe\._gpj$/)
  assert.match(contentDisposition('inline', 'a\ud800b'), /UTF-8''a%EF%BF%BDb$/)
  assert.match(contentDisposition('inline', ''), /filename="original"/)
})
