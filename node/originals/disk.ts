import * as fs from 'node:fs/promises'

/** The calls by which a plain-file store changes the disk; tests give ones that fail. */
export type Disk = Pick<typeof fs, 'copyFile' | 'link' | 'open' | 'rename'>

export const realDisk: Disk = fs
