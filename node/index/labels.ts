import type { DatabaseSync } from 'node:sqlite'
import { HomerollError } from '../../shared/errors/index.ts'
import type { Labels } from './state-codec.ts'

export interface StoredLabels extends Labels {
  /** Forgets what is in memory, after a transaction was undone. */
  reset(): void
}

/** Labels in the database, each read once. There are as many as devices and drives, not assets. */
export function createLabels(db: DatabaseSync): StoredLabels {
  const byText = new Map<string, number>()
  const byNumber = new Map<number, string>()
  const find = db.prepare('SELECT n FROM label WHERE text = ?')
  const read = db.prepare('SELECT text FROM label WHERE n = ?')
  const add = db.prepare('INSERT INTO label (text) VALUES (?)')
  return {
    numberOf(text) {
      let n = byText.get(text)
      if (n === undefined) {
        const row = find.get(text) as { n: number } | undefined
        n = row?.n ?? Number(add.run(text).lastInsertRowid)
        byText.set(text, n)
      }
      return n
    },
    textOf(n) {
      let text = byNumber.get(n)
      if (text === undefined) {
        text = (read.get(n) as { text: string } | undefined)?.text
        if (text === undefined) throw new HomerollError('index-damaged', `the index has no label ${n}: rebuild it`)
        byNumber.set(n, text)
      }
      return text
    },
    reset() {
      byText.clear()
      byNumber.clear()
    },
  }
}
