import ImagePlus from 'lucide-solid/icons/image-plus'
import { type Component, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { t } from '../../i18n/index.ts'
import { gatherDropped } from './gather.ts'
import { UploadTray } from './upload-tray.tsx'
import { upload } from './uploads.ts'
import css from './upload.module.css'

/** Takes in whatever is dropped on the page, and shows how it fares. */
export const UploadArea: Component = () => {
  const [over, setOver] = createSignal(false)
  let depth = 0

  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const enter = (event: DragEvent): void => {
    if (!carriesFiles(event)) return
    depth++
    setOver(true)
  }
  const leave = (event: DragEvent): void => {
    if (!carriesFiles(event)) return
    depth = Math.max(0, depth - 1)
    if (depth === 0) setOver(false)
  }
  const hover = (event: DragEvent): void => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    event.dataTransfer!.dropEffect = 'copy'
  }
  const drop = (event: DragEvent): void => {
    depth = 0
    setOver(false)
    if (!carriesFiles(event)) return
    event.preventDefault()
    void upload(gatherDropped(event.dataTransfer!))
  }
  onMount(() => {
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop }
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener)
    onCleanup(() => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener as EventListener)
    })
  })

  return (
    <>
      <Show when={over()}>
        <div class={css.drop}>
          <div class={css.dropCard}>
            <ImagePlus size={44} strokeWidth={1.5} />
            <p class={css.dropTitle}>{t('upload.drop')}</p>
            <p>{t('upload.drop.text')}</p>
          </div>
        </div>
      </Show>
      <UploadTray />
    </>
  )
}
