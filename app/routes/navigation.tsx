import { A, useNavigate } from '@solidjs/router'
import Archive from 'lucide-solid/icons/archive'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Heart from 'lucide-solid/icons/heart'
import HardDrive from 'lucide-solid/icons/hard-drive'
import FolderInput from 'lucide-solid/icons/folder-input'
import Image from 'lucide-solid/icons/image'
import Search from 'lucide-solid/icons/search'
import Trash2 from 'lucide-solid/icons/trash'
import { type Component, For, type JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { t } from '../i18n/index.ts'
import { Menu } from '../ui/menu/menu.tsx'
import { DEVICE, IMPORTS, pathOfView, SEARCH } from './address.ts'
import css from './shell.module.css'

interface Destination {
  path: string
  label: string
  icon: Component<{ size?: number; strokeWidth?: number }>
}

const photos: Destination = { path: pathOfView('all'), label: t('nav.photos'), icon: Image }
const favourites: Destination = { path: pathOfView('favourites'), label: t('nav.favourites'), icon: Heart }
const search: Destination = { path: SEARCH, label: t('nav.search'), icon: Search }
const archive: Destination = { path: pathOfView('archive'), label: t('nav.archive'), icon: Archive }
const trash: Destination = { path: pathOfView('trash'), label: t('nav.trash'), icon: Trash2 }
const imports: Destination = { path: IMPORTS, label: t('nav.imports'), icon: FolderInput }
const device: Destination = { path: DEVICE, label: t('nav.device'), icon: HardDrive }

/** `current`: path of the page that is shown, also below a photo. */
interface NavigationProps {
  current: string
}

const Item: Component<{ to: Destination; current: string }> = props => (
  <A
    class={css.item}
    href={props.to.path}
    aria-current={props.current.split('?')[0] === props.to.path ? 'page' : undefined}
    title={props.to.label}
  >
    <Dynamic component={props.to.icon} size={20} strokeWidth={1.9} />
    <span class={css.itemText}>{props.to.label}</span>
  </A>
)

/** The side of wide screens. */
export const Rail: Component<NavigationProps & { family: string; children: JSX.Element }> = props => (
  <nav class={css.rail} aria-label={t('nav.label')}>
    <A class={css.brand} href={photos.path} aria-label={t('app.name')}>
      <img src="/icon.svg" alt="" width="32" height="32" />
      <span class={css.brandText}>{t('app.name')}</span>
    </A>
    <For each={[photos, favourites, archive, trash]}>{to => <Item to={to} current={props.current} />}</For>
    <div class={css.railRule} />
    <For each={[imports, device]}>{to => <Item to={to} current={props.current} />}</For>
    <div class={css.railFoot}>
      {props.children}
      <p class={css.family}>{props.family}</p>
    </div>
  </nav>
)

/** The foot of phones. */
export const BottomBar: Component<NavigationProps> = props => {
  const navigate = useNavigate()
  const more = [archive, trash, imports, device]
  return (
    <nav class={css.bottom} aria-label={t('nav.label')}>
      <For each={[photos, favourites, search]}>{to => <Item to={to} current={props.current} />}</For>
      <Menu
        class={`${css.item} ${more.some(to => to.path === props.current) ? css.itemCurrent : ''}`}
        label={t('nav.more')}
        entries={more.map(to => ({
          label: to.label,
          icon: <Dynamic component={to.icon} size={18} />,
          run: () => navigate(to.path),
        }))}
      >
        <Ellipsis size={20} />
        <span class={css.itemText}>{t('nav.more')}</span>
      </Menu>
    </nav>
  )
}
