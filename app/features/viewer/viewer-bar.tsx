import Archive from 'lucide-solid/icons/archive'
import ArchiveRestore from 'lucide-solid/icons/archive-restore'
import ArrowLeft from 'lucide-solid/icons/arrow-left'
import Download from 'lucide-solid/icons/download'
import Heart from 'lucide-solid/icons/heart'
import Info from 'lucide-solid/icons/info'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Trash2 from 'lucide-solid/icons/trash'
import ZoomIn from 'lucide-solid/icons/zoom-in'
import ZoomOut from 'lucide-solid/icons/zoom-out'
import { type Component, Show } from 'solid-js'
import type { AssetRecord } from '../../../shared/schema/api.ts'
import { downloadUrl } from '../../data/api.ts'
import { formatWhen, t } from '../../i18n/index.ts'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import css from './viewer.module.css'

interface ViewerBarProps {
  record: AssetRecord | null
  position: { position: number; total: number } | null
  infoOpen: boolean
  zoomed: boolean
  zoomable: boolean
  onClose: () => void
  onZoom: () => void
  onInfo: () => void
  onFavourite: () => void
  onArchive: () => void
  onTrash: () => void
}

/** What can be done with the asset that is looked at. */
export const ViewerBar: Component<ViewerBarProps> = props => {
  const download = (): void => {
    const link = document.createElement('a')
    link.href = downloadUrl(props.record!.id)
    link.download = props.record!.fileName
    link.click()
  }
  return (
    <header class={css.bar}>
      <IconButton dark label={t('viewer.close')} onClick={() => props.onClose()}>
        <ArrowLeft size={22} />
      </IconButton>
      <div class={css.caption}>
        <p class={css.when}>{props.record ? formatWhen(props.record.takenAt) : ''}</p>
        <Show when={props.position}>
          {at => (
            <p class={css.position}>{t('viewer.position.short', { position: at().position, total: at().total })}</p>
          )}
        </Show>
      </div>
      <Show when={props.zoomable}>
        <IconButton
          dark
          class={css.wideOnly}
          label={props.zoomed ? t('viewer.zoom.out') : t('viewer.zoom.in')}
          onClick={() => props.onZoom()}
        >
          <Show when={props.zoomed} fallback={<ZoomIn size={21} />}>
            <ZoomOut size={21} />
          </Show>
        </IconButton>
      </Show>
      <Show when={props.record}>
        {record => (
          <div class={css.actions}>
            <Show when={!record().trashed}>
              <IconButton
                dark
                label={record().favourite ? t('action.unfavourite') : t('action.favourite')}
                aria-pressed={record().favourite}
                onClick={() => props.onFavourite()}
              >
                <Heart size={21} fill={record().favourite ? 'currentColor' : 'none'} />
              </IconButton>
              <IconButton
                dark
                label={record().archived ? t('action.unarchive') : t('action.archive')}
                onClick={() => props.onArchive()}
              >
                <Show when={record().archived} fallback={<Archive size={21} />}>
                  <ArchiveRestore size={21} />
                </Show>
              </IconButton>
            </Show>
            <IconButton dark label={t('action.download')} onClick={download}>
              <Download size={21} />
            </IconButton>
            <IconButton
              dark
              label={record().trashed ? t('action.restore') : t('action.trash')}
              onClick={() => props.onTrash()}
            >
              <Show when={record().trashed} fallback={<Trash2 size={21} />}>
                <RotateCcw size={21} />
              </Show>
            </IconButton>
            <IconButton dark label={t('viewer.info')} aria-pressed={props.infoOpen} onClick={() => props.onInfo()}>
              <Info size={21} />
            </IconButton>
          </div>
        )}
      </Show>
    </header>
  )
}
