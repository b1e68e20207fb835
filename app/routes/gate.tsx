import PlugZap from 'lucide-solid/icons/plug-zap'
import { type Component, createEffect, Match, on, Show, Switch } from 'solid-js'
import { followAssets } from '../data/asset-records.ts'
import { startEvents } from '../data/events.ts'
import { followImports, loadImports } from '../data/imports.ts'
import { followSearch } from '../data/search.ts'
import { sessionState } from '../data/session.ts'
import { followStatus, loadStatus, nodeStatus, statusFailure } from '../data/status.ts'
import { followTimelines } from '../data/timelines.ts'
import { SignIn } from '../features/sign-in/sign-in.tsx'
import { Setup } from '../features/setup/setup.tsx'
import { t } from '../i18n/index.ts'
import { Button } from '../ui/button/button.tsx'
import { EmptyState } from '../ui/empty-state/empty-state.tsx'
import { Spinner } from '../ui/spinner/spinner.tsx'
import { Shell } from './shell.tsx'

let following = false

/** Begins to listen, once there is a session. */
function follow(): void {
  void loadStatus()
  void loadImports()
  if (following) return
  following = true
  followStatus()
  followImports()
  followTimelines()
  followAssets()
  followSearch()
  startEvents()
}

/** What stands before the photos: signing in, the cards of the first run, or waiting for the node. */
export const Gate: Component = () => {
  createEffect(on(sessionState, state => state === 'open' && follow()))
  return (
    <Switch fallback={<Spinner label={t('start.loading')} />}>
      <Match when={sessionState() === 'signed-out'}>
        <SignIn />
      </Match>
      <Match when={sessionState() === 'unreachable'}>
        <main>
          <EmptyState
            alert
            icon={<PlugZap size={36} strokeWidth={1.5} />}
            title={t('start.failed.title')}
            text={t('start.failed.text')}
          />
        </main>
      </Match>
      <Match when={sessionState() === 'open' && nodeStatus()}>
        {status => (
          <Show when={status().space !== null} fallback={<Setup suggestedDevice={status().device.name} />}>
            <Shell />
          </Show>
        )}
      </Match>
      <Match when={sessionState() === 'open' && statusFailure()}>
        {reason => (
          <main>
            <EmptyState
              alert
              icon={<PlugZap size={36} strokeWidth={1.5} />}
              title={t('start.failed.title')}
              text={reason()}
            >
              <Button onClick={() => void loadStatus()}>{t('action.retry')}</Button>
            </EmptyState>
          </main>
        )}
      </Match>
    </Switch>
  )
}
