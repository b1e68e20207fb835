import FolderPlus from 'lucide-solid/icons/folder-plus'
import ImagePlus from 'lucide-solid/icons/image-plus'
import Plus from 'lucide-solid/icons/plus'
import type { Component } from 'solid-js'
import { t } from '../../i18n/index.ts'
import { Menu } from '../../ui/menu/menu.tsx'
import { gatherFiles } from './gather.ts'
import { upload } from './uploads.ts'
import css from './upload.module.css'

/** Chooses files or a folder of the computer that the browser runs on. */
export const AddButton: Component = () => {
  let files!: HTMLInputElement
  let folder!: HTMLInputElement
  const take = (input: HTMLInputElement): void => {
    void upload(gatherFiles([...(input.files ?? [])]))
    input.value = ''
  }
  return (
    <>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept="image/*,video/*"
        onChange={event => take(event.currentTarget)}
      />
      <input
        ref={input => {
          folder = input
          input.setAttribute('webkitdirectory', '')
        }}
        type="file"
        hidden
        multiple
        onChange={event => take(event.currentTarget)}
      />
      <Menu
        class={css.add}
        label={t('nav.add')}
        entries={[
          { label: t('upload.files'), icon: <ImagePlus size={18} />, run: () => files.click() },
          { label: t('upload.folder'), icon: <FolderPlus size={18} />, run: () => folder.click() },
        ]}
      >
        <Plus size={18} strokeWidth={2.5} />
        <span class={css.addText}>{t('nav.add')}</span>
      </Menu>
    </>
  )
}
