import type { Folder } from '../../../shared/schema/api.ts'

const tree: Record<string, { folders: string[]; pictures: number }> = {
  '/': { folders: ['home', 'media'], pictures: 0 },
  '/home': { folders: ['astrid'], pictures: 0 },
  '/home/astrid': { folders: ['Desktop', 'Documents', 'Pictures', 'Videos'], pictures: 0 },
  '/home/astrid/Desktop': { folders: [], pictures: 2 },
  '/home/astrid/Documents': { folders: ['Receipts', 'School'], pictures: 0 },
  '/home/astrid/Pictures': {
    folders: [
      '2019 Norway',
      '2021 Summer at the lake',
      '2022 Grandma’s 80th',
      '2023',
      '2024',
      'Camera uploads',
      'Scans',
    ],
    pictures: 148,
  },
  '/media': { folders: ['card'], pictures: 0 },
  '/media/card': { folders: ['DCIM'], pictures: 0 },
}

/** A folder of a made-up machine; the home folder when none is named. */
export function folderAt(path: string | null): Folder {
  const at = path ?? '/home/astrid'
  const { folders, pictures } = tree[at] ?? { folders: [], pictures: 37 }
  const parent = at === '/' ? null : at.slice(0, at.lastIndexOf('/')) || '/'
  return {
    path: at,
    parent,
    folders: folders.map(name => ({ name, path: `${at === '/' ? '' : at}/${name}` })),
    pictures,
    places: [
      { name: 'Home', path: '/home/astrid' },
      { name: 'Pictures', path: '/home/astrid/Pictures' },
      { name: 'Camera card', path: '/media/card' },
    ],
  }
}
